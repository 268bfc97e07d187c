/**
 * The script of a page that is kept up to date: it asks for what has changed and waits until something has. Which panels are shown, the
 * filter of the list and the place on the page stay as they are.
 */
export const LIVE_SCRIPT = `
const status = document.getElementById('live');
const tell = (state, text) => {
  status.dataset.state = state;
  status.textContent = text;
};
const pressed = () => all('button[data-group][aria-pressed=true]').map(({ dataset }) => [dataset.group, dataset.panel]);
const show = (text) => {
  const next = new DOMParser().parseFromString(text, 'text/html');
  const shown = pressed();
  const [words, kind] = [search()?.value, outcome()?.value];
  document.title = next.title;
  document.querySelector('h1').textContent = next.querySelector('h1').textContent;
  document.querySelector('main').replaceWith(document.adoptNode(next.querySelector('main')));
  for (const [group, panel] of shown) press(group, panel);
  if (search() && words !== undefined) {
    search().value = words;
    outcome().value = kind;
    filter();
  }
};
const follow = async () => {
  let version = root.dataset.version;
  tell('running', 'live');
  for (;;) {
    try {
      const answer = await fetch('/next?since=' + encodeURIComponent(version), { cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      version = answer.headers.get('etag') ?? version;
      if (answer.status === 200) show(await answer.text());
      if (answer.headers.get('x-finished') === 'yes') return tell('finished', 'finished');
    } catch {
      return tell('lost', 'the command has ended; this is its last state');
    }
  }
};
follow();
`;
