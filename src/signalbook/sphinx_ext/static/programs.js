// Links to programs become buttons that copy them; where that can't be, a button opens its program.

"use strict";

{
  const copy = async (address, said) => {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.statusText);
      await navigator.clipboard.writeText(await answer.text());
    } catch {
      location.href = address;
      return;
    }
    said.textContent = " Copied.";
    setTimeout(() => {
      said.textContent = "";
    }, 2000);
  };

  for (const line of document.querySelectorAll(".clause-programs")) {
    const said = document.createElement("span");
    said.role = "status";
    line.append(said);
    line.firstChild.textContent = "Copy as a program";
    for (const link of line.querySelectorAll("a")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = link.textContent;
      button.addEventListener("click", () => copy(link.href, said));
      link.replaceWith(button);
    }
  }
}
