import type { Category } from '../../domain/categories/categories.ts';
import { calendar } from './calendar.ts';
import type { CategoryResource } from './categoryResource.ts';
import { contacts } from './contacts.ts';
import { files } from './files.ts';
import { mail } from './mail.ts';
import { tasks } from './tasks.ts';

export const RESOURCES: Readonly<Record<Category, CategoryResource>> = { mail, calendar, contacts, tasks, files };
