// SQL with parameters: values travel beside the statement and are never parsed as SQL, so text from outside can do no harm.
import { integer, notNull, SparkSession, string, struct } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');

await spark
  .createDataFrame(
    [
      { name: 'Ann', age: 34 },
      { name: "O'Hara", age: 51 },
      { name: 'Zoe', age: 17 },
    ],
    struct({ name: notNull(string()), age: notNull(integer()) }),
  )
  .createOrReplaceTempView('people');

// By name, from an object.
const adults = await spark
  .sql<{ name: string }>('SELECT name FROM people WHERE age >= :age ORDER BY name', { age: 18 })
  .collect();
console.log('adults:', adults.map(({ name }) => name).join(', '));

// By place, from an array.
const found = spark.sql('SELECT * FROM people WHERE name = ?', ["O'Hara"]);
console.log(`found: ${await found.count()}`);
const attack = spark.sql('SELECT * FROM people WHERE name = ?', ["x' OR '1' = '1"]);
console.log(`found by an attack: ${await attack.count()}`);
await spark.release();
