// Points, lines and areas: GEOMETRY on a plane, GEOGRAPHY on the earth, both with the number of their reference system (SRID).
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { binary, type ColumnOrName, call, optional, unary } from './call.js';

/** Well-known binary. @param endianness `NDR` (little, if not given) or `XDR`. */
export const st_asbinary = (geo: ColumnOrName, endianness?: 'NDR' | 'XDR' | Column): Column<Uint8Array | null> =>
  call('st_asbinary', geo, ...optional(endianness));
/** A GEOGRAPHY of well-known binary, with SRID 4326. */
export const st_geogfromwkb = unary<Any>('st_geogfromwkb');
/** A GEOMETRY of well-known binary. @param srid 0 if not given. */
export const st_geomfromwkb = (wkb: ColumnOrName, srid?: number | Column): Column =>
  call('st_geomfromwkb', wkb, ...optional(srid));
export const st_setsrid = binary<Any>('st_setsrid');
export const st_srid = unary<number | null>('st_srid');
