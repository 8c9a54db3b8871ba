/** Every page loads this: styles, HTMX, Basecoat's small scripts, the theme switch, and islands when a page has one. */
import "./css/app.css";
import "htmx.org";
import "basecoat-css/basecoat";
import "basecoat-css/dropdown-menu";
import "basecoat-css/toast";
import { components } from "./components";
import { watchComponents } from "./lib/behaviours";
import { defineWhenSeen } from "./lib/islands";
import { watchLive } from "./lib/live";
import { watchParts, watchSending } from "./lib/parts";
import {
  keepOfflinePage,
  watchCommandKey,
  watchConnection,
  watchDrawer,
  watchPasswordFields,
  watchSidebarWidth,
  watchThemeSwitch,
} from "./lib/shell";

watchThemeSwitch();
watchDrawer();
watchPasswordFields();
watchSidebarWidth();
watchComponents();
watchLive();
watchParts();
watchCommandKey();
watchConnection();
watchSending();
keepOfflinePage();

defineWhenSeen({
  "avatar-crop": () => import("./islands/avatar-crop"),
  ...components,
  "call-player": () => import("./islands/call-player"),
  "call-review": () => import("./islands/call-review"),
  "command-menu": () => import("./islands/command-menu"),
  "feedback-stream": () => import("./islands/feedback-stream"),
  "filter-list": () => import("./islands/filter-list"),
  "microphone-choice": () => import("./islands/microphone-choice"),
  "upload-form": () => import("./islands/upload-form"),
});
