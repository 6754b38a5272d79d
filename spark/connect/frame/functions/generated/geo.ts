// Points, lines and areas: GEOMETRY on a plane, GEOGRAPHY on the earth, both with the number of their reference system (SRID).
// Generated from tools/functions/table/geo.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, optional, present } from '../call.js';

/**
 * Returns the geospatial value (value of type GEOGRAPHY or GEOMETRY) in WKB format using the specified endianness
 * ('NDR' for little-endian, 'XDR' for big-endian), if provided.
 * @param endianness `NDR` (little, if not given) or `XDR`.
 * @since 4.1.0
 * @example df.select(f.st_asbinary(f.st_geomfromwkb('bytes')))
 */
export function st_asbinary(geo: ColumnOrName, endianness?: 'NDR' | 'XDR' | Column): Column<Uint8Array | null> {
  return call('st_asbinary', geo, ...optional(endianness));
}

/**
 * Parses the WKB description of a geography and returns the corresponding GEOGRAPHY value. With SRID 4326.
 * @since 4.1.0
 * @example df.select(f.st_srid(f.st_geogfromwkb('bytes')))
 */
export function st_geogfromwkb(wkb: ColumnOrName): Column {
  return call('st_geogfromwkb', wkb);
}

/**
 * Parses the WKB description of a geometry and returns the corresponding GEOMETRY value.
 * @param srid 0 if not given.
 * @since 4.1.0
 * @example df.select(f.st_asbinary(f.st_geomfromwkb('bytes')))
 */
export function st_geomfromwkb(wkb: ColumnOrName, srid?: number | Column): Column {
  return call('st_geomfromwkb', wkb, ...present(srid));
}

/**
 * Returns a new GEOGRAPHY or GEOMETRY value whose SRID is the specified SRID value.
 * @since 4.1.0
 * @example df.select(f.st_srid(f.st_setsrid(f.st_geomfromwkb('bytes'), 4326)))
 */
export function st_setsrid(geo: Argument, srid: Argument): Column {
  return call('st_setsrid', geo, srid);
}

/**
 * Returns the SRID of the input GEOGRAPHY or GEOMETRY value.
 * @since 4.1.0
 * @example df.select(f.st_srid(f.st_geomfromwkb('bytes')))
 */
export function st_srid(geo: ColumnOrName): Column<number | null> {
  return call('st_srid', geo);
}
