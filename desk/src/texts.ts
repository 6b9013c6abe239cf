// What the page says, in both languages. What duban says comes from duban.

import type { Lang } from "./protocol";
import { en } from "./texts-en";
import { zh } from "./texts-zh";

export type Texts = typeof zh;

const both: Record<Lang, Texts> = { zh, en };

export const texts = (lang: Lang): Texts => both[lang];
