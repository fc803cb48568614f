/* What the forms above tables and lists are made of. The address keeps what is chosen in them, so
   that it can be linked to. */

"use strict";

const forms = (() => {
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const chooser = (label, values, chosen) => {
    const select = element("select");
    for (const [value, text] of values) {
      select.append(element("option", { value, textContent: text }));
    }
    select.value = values.some(([value]) => value === chosen) ? chosen : values[0][0];
    return [element("label", {}, `${label} `, select), select];
  };

  const choices = () => new URLSearchParams(location.hash.slice(1));

  const remember = (chosen) => {
    const kept = Object.entries(chosen).filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
  };

  const checkbox = (text, checked) => {
    const box = element("input", { type: "checkbox", checked });
    return [element("label", {}, box, ` ${text}`), box];
  };

  const pairs = (values) => [["", "all"], ...values.map((value) => [value, value])];

  const makeForm = (fields, show, chosen) => {
    const form = element("form", { className: "table-filter" }, ...fields);
    form.addEventListener("input", () => {
      show();
      remember(chosen());
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  };

  const lineOf = (version) => version.split(".", 2).join(".");

  // The last of the versions in the line that the site is shown for, unless that is the newest.
  const ofSite = (versions) => {
    const line = document.documentElement.dataset.flask;
    if (line === signalbook.newest) return undefined;
    return versions.findLast((version) => lineOf(version) === line);
  };

  return { element, chooser, choices, checkbox, pairs, makeForm, lineOf, ofSite };
})();
