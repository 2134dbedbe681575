// Light, dark, or like the device. In: the app. Out: app.theme and app.setTheme, which set data-theme on <html> and
// Gradio's class on <body>, remember the choice, and emit 'theme' with the theme that is shown.
const KEY = 'kutip.theme';
const DARK = window.matchMedia('(prefers-color-scheme: dark)');

export const THEMES = ['system', 'light', 'dark'];

/** Give the app its theme: call once, before anything is drawn. */
export function startTheme(app) {
  app.theme = remembered();
  app.setTheme = (theme) => {
    app.theme = THEMES.includes(theme) ? theme : 'system';
    remember(app.theme);
    apply(app);
  };
  DARK.addEventListener('change', () => apply(app));
  window.addEventListener('storage', (event) => {
    if (event.key !== KEY) return;
    app.theme = remembered();
    apply(app);
  });
  apply(app);
}

/** The theme that is seen: 'light' or 'dark'. */
export function shown(theme) {
  if (theme === 'system') return DARK.matches ? 'dark' : 'light';
  return theme;
}

function apply(app) {
  const seen = shown(app.theme);
  document.documentElement.dataset.theme = seen;
  document.body.classList.toggle('dark', seen === 'dark');
  app.emit?.('theme', seen);
}

function remembered() {
  try {
    const theme = localStorage.getItem(KEY);
    return THEMES.includes(theme) ? theme : 'system';
  } catch {
    return 'system'; // a browser that keeps nothing
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // it holds until the page is left
  }
}
