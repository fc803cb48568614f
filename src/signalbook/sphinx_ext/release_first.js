// Where the browser lets nothing be kept, all scripts go on without, the theme's among them.
try {
  localStorage.getItem("flask");
} catch {
  const value = { getItem: () => null, setItem() {}, removeItem() {} };
  Object.defineProperty(window, "localStorage", { value });
}
{
  const root = document.documentElement;
  const { lines, newest } = signalbook;
  const known = (text) =>
    lines.find(({ name }) => `${text}.`.startsWith(`${name}.`))?.name;
  const asked = new URLSearchParams(location.search).get("flask");
  root.dataset.flask = known(asked) ?? known(localStorage.getItem("flask")) ?? newest;
  if (root.dataset.flask !== newest) {
    root.dataset.flaskWaits = "";
    setTimeout(() => delete root.dataset.flaskWaits, 2000);
  }
}
