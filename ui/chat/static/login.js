// The log-in's theme, before anything is drawn: what was chosen on the page, or else what the device has.
// In: localStorage and the device's preference; out: data-theme of <html>.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('kutip.theme');
  } catch {
    // no storage: the device's choice
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
