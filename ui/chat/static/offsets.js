// Offsets of the server count code points, JavaScript's strings count UTF-16 units. In: a text and spans in code
// points; out: slices and pieces that fit. Never cut a server's span with plain slice().

/** A text that can be cut by code points. */
export function points(text) {
  const characters = Array.from(text);
  return {
    length: characters.length,
    slice: (start, end) => characters.slice(start, end).join(''),
    find: (words) => {
      const at = words ? text.indexOf(words) : -1;
      return at < 0 ? null : Array.from(text.slice(0, at)).length;
    },
  };
}

/** The lines of a text that have something on them, as [start, end] in code points without white space around. */
export function paragraphs(text) {
  const lines = [];
  let start = 0;
  let at = 0;
  const characters = Array.from(text);
  const close = (end) => {
    let [from, to] = [start, end];
    while (from < to && !characters[from].trim()) from += 1;
    while (to > from && !characters[to - 1].trim()) to -= 1;
    if (from < to) lines.push([from, to]);
  };
  for (; at < characters.length; at += 1) {
    if (characters[at] === '\n') {
      close(at);
      start = at + 1;
    }
  }
  close(at);
  return lines;
}

/** Cuts [start, end] wherever one of the spans begins or ends.
    spans: [{start, end, kind}] in code points, may overlap; out: [{start, end, kinds: Set}] in order. */
export function pieces(start, end, spans) {
  const touching = spans.filter((span) => span.start < end && span.end > start);
  const cuts = new Set([start, end]);
  for (const span of touching) {
    cuts.add(Math.max(start, span.start));
    cuts.add(Math.min(end, span.end));
  }
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(1).map((to, i) => ({
    start: at[i],
    end: to,
    kinds: new Set(touching.filter((span) => span.start <= at[i] && span.end >= to).map((span) => span.kind)),
  }));
}
