// Shows the pages for the release of Flask that is chosen. What holds on which lines of releases is
// in classes: `flask:0.8-2.2` and the like, one for each stretch, and none where it holds on all.

"use strict";

{
  const { lines, newest } = signalbook;
  const root = document.documentElement;
  const names = lines.map(({ name }) => name);
  const said = (name) => (name === "next" ? "Flask's main branch" : `Flask ${name}`);
  const chosen = () => root.dataset.flask;

  const holds = (element, kind = "flask") => {
    const here = names.indexOf(chosen());
    const told = [...element.classList].filter((each) => each.startsWith(`${kind}:`));
    return !told.length || told.some((each) => {
      const [first, last = first] = each.slice(kind.length + 1).split("-");
      return names.indexOf(first) <= here && here <= names.indexOf(last);
    });
  };

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  };

  // What is changed for a release, and how to take it back.

  const undo = [];

  const mark = (where, name) => {
    where.classList.add(name);
    undo.push(() => where.classList.remove(name));
  };

  const hide = (what) => {
    what.hidden = true;
    undo.push(() => { what.hidden = false; });
  };

  const added = (made) => {
    undo.push(() => made.remove());
    return made;
  };

  const say = (where, text) => {
    const before = where.textContent;
    where.textContent = text;
    undo.push(() => { where.textContent = before; });
  };

  const words = (text, name = "p") => added(element(name, "release-words", text));

  const moved = (what) => {
    const place = document.createComment("");
    what.before(place);
    undo.push(() => place.replaceWith(what));
    return what;
  };

  const earlierNow = (phrase) => [...phrase.querySelectorAll("details li")].filter(
    (each) => each.matches("[class*='flask:']") && holds(each),
  );

  // Of what a release doesn't have, one line says so.
  const showFacts = (facts) => {
    const told = [...facts.querySelectorAll(":scope > dd[class*='flask:']")];
    if (!told.length || told.some((each) => holds(each) || earlierNow(each).length)) return;
    const [, since, ...others] = facts.children;
    others.forEach(hide);
    since.append(words(`${said(chosen())} doesn't have it.`));
  };

  const showFact = (phrase) => {
    if (phrase.hidden) return;
    const now = earlierNow(phrase);
    const paragraphs = [...phrase.querySelectorAll(":scope > p")];
    const wrong = paragraphs
      .flatMap((each) => [...each.querySelectorAll("[class*='flask:']")])
      .filter((each) => !holds(each));
    const last = paragraphs.at(-1);
    if (now.length) last.after(added(element("ul", "release-now", ...now.map(moved))));
    if (!holds(phrase)) {
      paragraphs.forEach(hide);
      if (!now.length) last.after(words(`Not specified for ${said(chosen())}.`));
    } else if (wrong.length) {
      const parts = wrong.map((each) => each.textContent).join(", ");
      last.after(words(`Not for ${said(chosen())}: ${parts}.`));
    }
    const past = phrase.querySelector("details");
    if (past && !past.querySelector("li")) hide(past);
    else if (past) say(past.querySelector("summary"), "Other releases");
  };

  const showClause = (clause) => {
    const body = clause.querySelector("dd");
    const rule = body.querySelector(".clause-rule");
    const now = [...body.querySelectorAll(":scope > .clause-earlier")].filter((each) => holds(each));
    for (const each of now) mark(each, "release-now");
    if (holds(clause)) {
      rule.after(...now.map(moved));
    } else {
      mark(clause, "release-absent");
      rule.before(words(`Not in ${said(chosen())}.`), ...now.map(moved));
    }
    for (const row of body.querySelectorAll("tr[class*='flask:']")) {
      // Of a rule that doesn't hold at all nothing more needs to be said.
      if (holds(row) || !holds(row.closest(".clause-earlier") ?? clause)) continue;
      mark(row, "release-absent");
      row.cells[0].append(words(` not in ${said(chosen())}`, "span"));
    }
  };

  const showOutcome = (row) => {
    if (!holds(row)) hide(row);
    else if (row.matches(".outcomes-other")) mark(row, "release-now");
  };

  const showVerdict = (verdict) => {
    const kind = holds(verdict) ? "True in" : "False in";
    const text = holds(verdict, "measured") ? kind : "Not measured on";
    verdict.prepend(words(`${text} ${said(chosen())}. `, "strong"));
  };

  const showName = (place) => {
    say(place, chosen() === "next" ? said("next") : `Flask ${line().version}`);
  };

  const line = () => lines[names.indexOf(chosen())];

  const CHANGED = {
    "dl.facts": showFacts,
    "dl.facts > dd[class*='flask:'], dl.facts > dd:has([class*='flask:'])": showFact,
    "dl.clause:is([class*='flask:'], :has([class*='flask:']))": showClause,
    "table.outcomes tr[class*='flask:']": showOutcome,
    ".claim-verdict.release-aware": showVerdict,
    ".release-version": showName,
  };

  // What says for which release a page is shown, below its title.

  const status = element("p", "release-line");
  status.role = "status";
  document.querySelector("h1")?.after(status);

  const showLine = () => {
    if (chosen() === newest) {
      status.replaceChildren();
      return;
    }
    const back = element("button", "", "Back to the newest");
    back.type = "button";
    back.addEventListener("click", () => {
      choose(newest);
      select.focus();
    });
    const { made } = line();
    const isAware = document.querySelector(".release-aware, article [class*='flask:']");
    status.replaceChildren(
      ...(isAware
        ? [element("strong", "", `Shown for ${said(chosen())}`), `: ${made}.`,
          ` Introductions and pictures are those of ${newest}. `]
        : [`This page doesn't change with the release that you chose, ${said(chosen())}. `]),
      back,
    );
  };

  const show = () => {
    while (undo.length) undo.pop()();
    if (chosen() !== newest) {
      for (const [places, change] of Object.entries(CHANGED)) {
        for (const each of document.querySelectorAll(places)) change(each);
      }
    }
    showLine();
    document.dispatchEvent(new Event("signalbook:release"));
  };

  // The choice: it is kept, and in the address.

  const keep = () => {
    localStorage.setItem("flask", chosen());
    const address = new URL(location.href);
    if (chosen() === newest) address.searchParams.delete("flask");
    else address.searchParams.set("flask", chosen());
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };

  const choose = (name) => {
    root.dataset.flask = select.value = name;
    keep();
    show();
  };

  const select = document.createElement("select");
  const older = names.filter((name) => name !== newest && name !== "next").reverse();
  for (const name of [newest, ...older, ...names.filter((each) => each === "next")]) {
    const text = name === newest ? `${name}, the newest` : name;
    select.append(new Option(text, name, false, name === chosen()));
  }
  select.addEventListener("change", () => choose(select.value));

  // Furo's sidebar is out of sight in narrow windows, and its header in wide ones.
  const label = element("label", "release-switch", "Flask ", select);
  const narrow = matchMedia("(max-width: 63em)");
  const put = () => {
    const header = document.querySelector(".mobile-header .header-right");
    const search = document.querySelector(".sidebar-search-container");
    if (narrow.matches && header) header.prepend(label);
    else if (search) search.after(label);
    else document.body.prepend(label);
  };
  narrow.addEventListener("change", put);
  put();

  keep();
  show();
  delete root.dataset.flaskWaits;
  // What came in or went moved it.
  if (chosen() !== newest && location.hash) {
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }
}
