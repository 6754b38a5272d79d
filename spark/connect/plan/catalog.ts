// Questions and orders to the session's catalog. Each kind mirrors one message of catalog.proto and has its fields.
import type { DataType } from '../types/data-type.js';
import type { StorageLevel } from './storage-level.js';

export type CatalogOperation =
  | { readonly kind: 'currentCatalog' | 'currentDatabase' | 'clearCache' }
  | { readonly kind: 'setCurrentCatalog'; readonly catalogName: string }
  | { readonly kind: 'listCatalogs' | 'listDatabases'; readonly pattern?: string | undefined }
  | { readonly kind: 'setCurrentDatabase' | 'getDatabase' | 'databaseExists'; readonly dbName: string }
  | {
      readonly kind: 'listTables' | 'listViews' | 'listFunctions';
      readonly dbName?: string | undefined;
      readonly pattern?: string | undefined;
    }
  | {
      readonly kind:
        | 'listColumns'
        | 'listPartitions'
        | 'getTable'
        | 'getTableProperties'
        | 'tableExists'
        | 'isCached'
        | 'uncacheTable'
        | 'refreshTable'
        | 'recoverPartitions'
        | 'truncateTable';
      readonly tableName: string;
    }
  | { readonly kind: 'getFunction' | 'functionExists'; readonly functionName: string }
  | { readonly kind: 'getCreateTableString'; readonly tableName: string; readonly asSerde: boolean }
  | { readonly kind: 'cacheTable'; readonly tableName: string; readonly storageLevel?: StorageLevel | undefined }
  | { readonly kind: 'analyzeTable'; readonly tableName: string; readonly noScan: boolean }
  | {
      readonly kind: 'createTable';
      readonly tableName: string;
      readonly path?: string | undefined;
      readonly source?: string | undefined;
      readonly description?: string | undefined;
      readonly schema?: DataType | undefined;
      readonly options: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'dropTable'; readonly tableName: string; readonly ifExists: boolean; readonly purge: boolean }
  | { readonly kind: 'dropView'; readonly viewName: string; readonly ifExists: boolean }
  | { readonly kind: 'dropTempView' | 'dropGlobalTempView'; readonly viewName: string }
  | {
      readonly kind: 'createDatabase';
      readonly dbName: string;
      readonly ifNotExists: boolean;
      readonly properties: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'dropDatabase'; readonly dbName: string; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'refreshByPath'; readonly path: string };
