// The small scripts of ordinary pages. Every page works without them.
import { confirmations, dialogs } from "./app/dialogs.js";
import { copying, printing, relativeTimes, largeType, seenBeacons } from "./app/manners.js";
import { cards } from "./app/cards.js";
import { dropZones } from "./app/drop.js";
import { filters } from "./app/filter.js";
import { followJobs } from "./app/jobs.js";
import { panels } from "./app/panels.js";
import { submitOnce } from "./app/submit.js";
import { remarks } from "./remarks/reading.js";
import { answers } from "./save/answers.js";

largeType();
dialogs();
confirmations();
submitOnce();
panels(document);
remarks(document);
cards();
filters();
dropZones();
copying();
printing();
relativeTimes(document);
seenBeacons();
followJobs(document);
answers();
document.querySelector("[data-focus]")?.focus();
