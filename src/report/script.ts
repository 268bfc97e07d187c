/** The script of the page: switches, the theme, the filter of the list. Without it everything but those still works. */
export const SCRIPT = `
'use strict';
const all = (selector) => [...document.querySelectorAll(selector)];
const press = (group, panel) => {
  for (const other of all('button[data-group="' + group + '"]')) {
    other.setAttribute('aria-pressed', String(other.dataset.panel === panel));
  }
  for (const body of all('[data-panel-of="' + group + '"]')) body.hidden = body.dataset.panel !== panel;
};
const root = document.documentElement;
// Not every page has the list.
const search = () => document.getElementById('search');
const outcome = () => document.getElementById('outcome');
const filter = () => {
  const wanted = search().value.toLowerCase();
  let shown = 0;
  for (const row of all('#list tbody tr')) {
    const fits =
      (outcome().value === '' || row.dataset.outcome === outcome().value) &&
      row.textContent.toLowerCase().includes(wanted);
    row.hidden = !fits;
    if (fits) shown++;
  }
  document.getElementById('count').textContent = shown + ' shown';
};
// Parts of a page that is live are replaced, and listeners of their own would go with them.
document.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (button?.id === 'theme') {
    const dark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  } else if (button?.dataset.group) press(button.dataset.group, button.dataset.panel);
});
document.addEventListener('input', ({ target }) => {
  if (target.id === 'search' || target.id === 'outcome') filter();
});
`;
