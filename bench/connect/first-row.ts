// The whole of a small program: connect, ask for one row, print it. `bench/connect.ts` takes the time from outside.
import { SparkSession } from '../../spark/connect/index.js';

const spark = await SparkSession.connect(process.argv[2] ?? '');
const [row] = await spark.sql('select 1 as one').collect();
console.log(JSON.stringify(row));
await spark.release();
