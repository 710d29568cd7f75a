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
  const said = tools.querySelector('output');
  const all = tools.querySelector('button');
  const first = 25;
  let order = rows;
  let open = rows.length <= first;
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let fitting = 0;
    let shown = 0;
    for (const row of order) {
      const fits = words.get(row).includes(wanted);
      if (fits) fitting += 1;
      row.hidden = !fits || !(open || shown < first);
      if (!row.hidden) shown += 1;
    }
    said.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' shown';
    all.hidden = open || fitting <= first;
  };
  all.addEventListener('click', () => {
    open = true;
    filter();
  });
  text.addEventListener('input', filter);
  tools.hidden = false;
  filter();
  const keyOf = (row, column) => {
    const { sort } = row.cells[column].dataset;
    return sort === undefined ? row.cells[column].textContent.trim() : Number(sort);
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const numeric = head.classList.contains('n') || head.dataset.first === 'descending';
      const now = head.getAttribute('aria-sort');
      const next = now === null ? (numeric ? 'descending' : 'ascending') : now === 'ascending' ? 'descending' : 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', next);
      const sign = next === 'ascending' ? 1 : -1;
      const sorted = rows.map((row, index) => ({ row, index, key: keyOf(row, column) }));
      sorted.sort((a, b) => {
        const order = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : String(a.key).localeCompare(String(b.key));
        return sign * order || a.index - b.index;
      });
      order = sorted.map(({ row }) => row);
      body.append(...order);
      filter();
    });
  });
}
`;
