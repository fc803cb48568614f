// What scrolls sideways can be reached and moved by the keyboard, and has a name.

"use strict";

{
  const areas = [...document.querySelectorAll(".table-wrapper, figure.timeline, article pre")];

  const nameOf = (area) => {
    const own = area.querySelector("caption, figcaption")?.textContent;
    const heading = area.closest("section")?.querySelector("h1, h2, h3, h4");
    return (own || heading?.firstChild?.textContent || "Table").trim();
  };

  const mark = () => {
    const wide = areas.map((area) => area.scrollWidth > area.clientWidth + 1);
    areas.forEach((area, place) => {
      if (!wide[place]) {
        for (const name of ["tabindex", "role", "aria-label"]) area.removeAttribute(name);
      } else if (!area.hasAttribute("tabindex")) {
        area.tabIndex = 0;
        area.role = "group";
        area.ariaLabel = `${nameOf(area)} (scrolls sideways)`;
      }
    });
  };

  // In it the arrows scroll, and don't turn the page.
  addEventListener("keydown", (event) => {
    const turns = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (turns && event.target.closest?.("[tabindex='0']")) event.stopPropagation();
  }, true);

  mark();
  addEventListener("resize", mark);
  // What was folded has no width before it is open.
  addEventListener("toggle", mark, true);
}
