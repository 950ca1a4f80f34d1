/** The preview of a respondent's page: order and conditions work, nothing is kept or sent. */

import { freshKey } from "./draft";
import { drawAll } from "./drawing";
import { Questions } from "./questions";

const form = document.querySelector<HTMLFormElement>("form#answers");
if (form !== null) {
  const questions = new Questions(form);
  questions.arrange(freshKey());
  form.addEventListener("change", () => questions.refresh());
  drawAll(form);
}
