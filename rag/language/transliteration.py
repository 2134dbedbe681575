"""How an English or international word is likely to be spelt in Indonesian: ``democracy`` as ``demokrasi``."""

from __future__ import annotations

import re

from rag.language.words import fold

# Endings first (the longest that fits), then letters; each is how loan words are regularly adapted.
_ENDINGS = (
    ("ization", "isasi"),
    ("isation", "isasi"),
    ("ational", "asional"),
    ("ation", "asi"),
    ("ction", "ksi"),
    ("ption", "psi"),
    ("ssion", "si"),
    ("sion", "si"),
    ("tion", "si"),
    ("xion", "ksi"),
    ("ivity", "ivitas"),
    ("ity", "itas"),
    ("ety", "etas"),
    ("logy", "logi"),
    ("graphy", "grafi"),
    ("sophy", "sofi"),
    ("nomy", "nomi"),
    ("cracy", "krasi"),
    ("ency", "ensi"),
    ("ancy", "ansi"),
    ("cy", "si"),
    ("gy", "gi"),
    ("ry", "ri"),
    ("ny", "ni"),
    ("phy", "fi"),
    ("my", "mi"),
    ("py", "pi"),
    ("hy", "hi"),
    ("ism", "isme"),
    ("ist", "is"),
    ("ics", "ika"),
    ("ical", "is"),
    ("ic", "ik"),
    ("ive", "if"),
    ("ine", "in"),
    ("ene", "en"),
    ("ide", "ida"),
    ("ence", "ensi"),
    ("ance", "ansi"),
    ("ture", "tur"),
    ("ure", "ur"),
    ("ible", "ibel"),
    ("able", "abel"),
    ("ple", "pel"),
    ("ent", "en"),
    ("ant", "an"),
    ("ect", "ek"),
    ("uct", "uk"),
    ("pt", "p"),
    ("ous", "us"),
    ("ogue", "og"),
    ("que", "k"),
    ("gue", "g"),
    ("age", "ase"),
    ("tre", "ter"),
    ("ium", "ium"),
    ("ate", "at"),
    ("ote", "ot"),
    ("ute", "ut"),
    ("ite", "it"),
    ("one", "on"),
    ("ode", "ode"),
    ("ome", "om"),
    ("ose", "osa"),
    ("ard", "ar"),
    ("cle", "kel"),
)
_LETTERS = (
    (r"sch", "sk"),
    (r"ph", "f"),
    (r"th", "t"),
    (r"ch", "k"),
    (r"rh", "r"),
    (r"sc(?=[eiy])", "s"),
    (r"cc(?=[eiy])", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"ck", "k"),
    (r"c", "k"),
    (r"qu", "ku"),
    (r"x", "ks"),
    (r"ae|oe", "e"),
    (r"oo", "u"),
    (r"([b-df-hj-np-tv-z])\1", r"\1"),
)


def variants(word: str) -> tuple[str, ...]:
    """Likely Indonesian spellings of a word, without the word itself; empty for short words and numbers.

    Args:
        word: one word or several, as typed.
    """
    base = fold(word)
    if len(base) < 4 or not base.isalpha():
        return ()
    forms = [base, *([base[:-1]] if base.endswith("s") and not base.endswith(("ss", "us", "is")) else [])]
    found: dict[str, None] = {}
    for form in forms:
        ending = next((pair for pair in _ENDINGS if form.endswith(pair[0]) and len(form) > len(pair[0]) + 1), None)
        adapted = [_letters(form)]
        if ending:
            adapted.insert(0, _letters(form[: -len(ending[0])], following=ending[0]) + ending[1])
        elif form.endswith("y"):
            adapted.insert(0, _letters(form[:-1]) + "i")
        elif form.endswith("e"):
            adapted.insert(0, _letters(form[:-1], following="e"))
        found |= dict.fromkeys(adapted)
        found |= dict.fromkeys([form])
    return tuple(spelling for spelling in found if spelling != base)


def _letters(text: str, following: str = "") -> str:
    """Letters adapted one by one; ``following`` is what stood after, which decides how a last ``c`` sounds."""
    marked = f"{text}|{following}"
    for pattern, replacement in _LETTERS:
        marked = re.sub(pattern.replace("(?=", r"(?=\|?"), replacement, marked)
    return marked.partition("|")[0]
