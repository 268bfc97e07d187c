/** The script of the page: switches, the theme, the filter of the list. Without it everything but those still works. */
export const SCRIPT = `
'use strict';
const all = (selector) => [...document.querySelectorAll(selector)];
for (const button of all('button[data-group]')) {
  button.addEventListener('click', () => {
    const { group, panel } = button.dataset;
    for (const other of all('button[data-group="' + group + '"]')) {
      other.setAttribute('aria-pressed', String(other === button));
    }
    for (const body of all('[data-panel-of="' + group + '"]')) body.hidden = body.dataset.panel !== panel;
  });
}
const root = document.documentElement;
const theme = document.getElementById('theme');
theme.addEventListener('click', () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
});
const search = document.getElementById('search');
const outcome = document.getElementById('outcome');
// Not every page has the list.
const filter = () => {
  const wanted = search.value.toLowerCase();
  let shown = 0;
  for (const row of all('#list tbody tr')) {
    const fits =
      (outcome.value === '' || row.dataset.outcome === outcome.value) &&
      row.textContent.toLowerCase().includes(wanted);
    row.hidden = !fits;
    if (fits) shown++;
  }
  document.getElementById('count').textContent = shown + ' shown';
};
search?.addEventListener('input', filter);
outcome?.addEventListener('change', filter);
`;
