// The log-in's theme, before anything is drawn, and the way back to the view that was asked for.
// In: localStorage, the device's preference, the address; out: data-theme of <html>, the form's address.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('kutip.theme');
  } catch {
    // no storage: the device's choice
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  addEventListener('DOMContentLoaded', () => {
    document.forms[0].action = `login${location.hash}`;
  });
})();
