/** Light or dark: as the system has it, until the button is pressed. */
export function addThemeButton(press: HTMLElement): void {
  press.addEventListener('click', () => {
    const { dataset } = document.documentElement;
    const isDark = (dataset['theme'] ?? preferred()) === 'dark';
    dataset['theme'] = isDark ? 'light' : 'dark';
  });
}

const preferred = (): string => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
