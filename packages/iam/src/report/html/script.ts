/**
 * Filters and sorts the tables that are there already; without it the page says the same. It reads cells and never makes
 * markup of what it reads.
 */
export const script = `
'use strict';
for (const table of document.querySelectorAll('table[data-tools]')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const tools = document.getElementById(table.dataset.tools);
  const text = tools.querySelector('input');
  const choices = [...tools.querySelectorAll('select[data-key]')];
  const sorts = tools.querySelector('select.sorts');
  const said = tools.querySelector('output');
  const all = tools.querySelector('button');
  const heads = [...table.tHead.rows[0].cells];
  const first = 50;
  let order = rows;
  let open = rows.length <= first;
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let fitting = 0;
    let shown = 0;
    for (const row of order) {
      const fits = words.get(row).includes(wanted) && choices.every((choice) => choice.value === '' || row.dataset[choice.dataset.key] === choice.value);
      if (fits) fitting += 1;
      row.hidden = !fits || !(open || shown < first);
      if (!row.hidden) shown += 1;
    }
    said.textContent = fitting === 0 ? 'None fits' : shown === rows.length ? '' : shown + ' of ' + rows.length + ' shown';
    all.hidden = open || fitting <= first;
  };
  all.addEventListener('click', () => {
    open = true;
    filter();
  });
  text.addEventListener('input', filter);
  for (const choice of choices) choice.addEventListener('change', filter);
  tools.hidden = false;
  filter();
  const keyOf = (row, column) => {
    const { sort } = row.cells[column].dataset;
    return sort === undefined ? row.cells[column].textContent.trim() : Number(sort);
  };
  const sortBy = (column, direction) => {
    for (const head of heads) head.removeAttribute('aria-sort');
    heads[column].setAttribute('aria-sort', direction);
    sorts.value = String(column);
    const sign = direction === 'ascending' ? 1 : -1;
    const sorted = rows.map((row, index) => ({ row, index, key: keyOf(row, column) }));
    sorted.sort((a, b) => {
      const order = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : String(a.key).localeCompare(String(b.key));
      return sign * order || a.index - b.index;
    });
    order = sorted.map(({ row }) => row);
    body.append(...order);
    filter();
  };
  const firstOf = (head) => (head.dataset.first === 'descending' ? 'descending' : 'ascending');
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const now = head.getAttribute('aria-sort');
      sortBy(column, now === null ? firstOf(head) : now === 'ascending' ? 'descending' : 'ascending');
    });
  });
  sorts.addEventListener('change', () => {
    if (sorts.value !== '') sortBy(Number(sorts.value), firstOf(heads[Number(sorts.value)]));
  });
}
`;
