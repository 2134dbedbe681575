// The button that changes the theme: like the device, light, dark, and round again. In: the app, which keeps and
// applies the choice; out: a button that says what is and what comes next.
import { button, fill } from './dom.js';
import { icon } from './icons.js';

const THEMES = ['system', 'light', 'dark'];
const ICONS = { system: 'system', light: 'sun', dark: 'moon' };

/** The button; it follows the app's theme and language. */
export function themeButton(app) {
  const made = button({ class: 'k-icon-button k-theme', on: { click: () => app.setTheme(after(app.theme)) } });
  const draw = () => {
    const name = (theme) => app.t(`header.theme.${theme}`);
    const told = app.t('header.theme', { now: name(app.theme), next: name(after(app.theme)) });
    made.setAttribute('aria-label', told);
    made.title = told;
    made.dataset.theme = app.theme;
    fill(made, icon(ICONS[app.theme]));
  };
  app.on('theme', draw);
  app.on('language', draw);
  draw();
  return made;
}

function after(theme) {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
}
