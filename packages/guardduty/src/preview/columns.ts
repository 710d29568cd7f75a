/** A growing list of numbers without an object for each. */
export interface Column {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
  set(index: number, value: number): void;
}

type Numbers = Float64Array | Int32Array | Uint8Array;

const createColumn = (make: (length: number) => Numbers): Column => {
  let values = make(1_024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const more = make(values.length * 2);
        more.set(values);
        values = more;
      }
      values[length] = value;
      length += 1;
    },
    at: (index) => values[index] ?? Number.NaN,
    set(index, value) {
      values[index] = value;
    },
  };
};

/** Numbers of any kind; instants among them. */
export const numbers = (): Column => createColumn((length) => new Float64Array(length));

/** Whole numbers up to 2^31. */
export const indices = (): Column => createColumn((length) => new Int32Array(length));

/** Whole numbers up to 255. */
export const bytes = (): Column => createColumn((length) => new Uint8Array(length));
