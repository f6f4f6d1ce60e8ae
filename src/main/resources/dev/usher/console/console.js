// What the console's pages do beyond forms and links: times in the reader's zone, copying, charts,
// following events. Server-sent and swapped-in content is text that the server has escaped.
(() => {
  'use strict';
  const SHOWN_ROWS = 100;
  const AGAIN_MILLIS = 3000;
  const FOLLOWING = 'Following live';
  // Spoken, and shown where something went wrong.
  const said = (text, wrong) => {
    const box = document.getElementById('said');
    if (!box) return;
    box.textContent = text;
    box.className = wrong ? 'toast' : 'visually-hidden';
  };

  // Times: the reader's zone, UTC on hover.
  const absolute = new Intl.DateTimeFormat(undefined, {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit'
  });
  const ago = at => {
    const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
    if (seconds < 120) return seconds + ' s';
    if (seconds < 7200) return Math.round(seconds / 60) + ' min';
    return Math.round(seconds / 3600) + ' h';
  };
  const localize = root => {
    for (const time of root.querySelectorAll('time[datetime]')) {
      const at = new Date(time.dateTime);
      if (isNaN(at)) continue;
      time.title = time.dateTime.replace('T', ' ').replace('Z', ' UTC');
      time.textContent = time.classList.contains('ago') ? ago(at) : absolute.format(at);
    }
    for (const input of root.querySelectorAll('input[data-utc]')) {
      const at = new Date(input.dataset.utc);
      if (!input.dataset.utc || isNaN(at)) continue;
      input.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
    }
  };

  // What is chosen in the reader's zone is sent in UTC.
  document.addEventListener('formdata', event => {
    for (const input of event.target.querySelectorAll('input[data-zone]')) {
      const at = new Date(input.value);
      event.formData.set(input.name, input.value && !isNaN(at) ? at.toISOString() : '');
    }
  });

  // Copying; where the page is not trusted with the clipboard (plain HTTP elsewhere) by selection.
  const copy = async source => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      return document.execCommand('copy');
    }
  };
  document.addEventListener('click', async event => {
    const button = event.target.closest('button[data-copy]');
    if (!button) return;
    const done = await copy(document.getElementById(button.dataset.copy));
    const before = button.textContent;
    button.textContent = done ? 'Copied' : 'Select and copy';
    said(button.textContent);
    setTimeout(() => { button.textContent = before; }, 2000);
  });

  // Charts.
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const charts = [];
  const draw = (box, data, series, values, most) => {
    const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    const options = {
      width: Math.max(220, box.clientWidth), height: 190, cursor: { y: false },
      legend: { show: true }, padding: [8, 8, 0, 0],
      scales: { y: { range: (u, min, max) => [0, most || Math.max(max, 1) * 1.1] } },
      axes: [axis, { ...axis, size: 58, values: (u, ticks) => ticks.map(values) }],
      series: [{ value: (u, v) => v == null ? '–' : new Date(v * 1000).toLocaleString() }, ...series]
    };
    box.replaceChildren();
    charts.push(new uPlot(options, data, box));
  };
  const millis = v => v == null ? '–' : v < 1000 ? Math.round(v) + ' ms' : v < 60000 ? (v / 1000).toFixed(1) + ' s' : Math.round(v / 60000) + ' min';
  const plain = v => v == null ? '–' : Math.round(v * 10) / 10;
  const plot = json => {
    charts.splice(0).forEach(chart => chart.destroy());
    const at = json.data.map(d => Date.parse(d.at) / 1000);
    const line = (label, name, value, fill) => ({ label, stroke: color(name), width: 2, fill: fill && color(fill), points: { show: !fill && json.data.filter(d => d.succeeded + d.failed > 0).length < 30, size: 5 }, value: (u, v) => value(v) });
    const each = {
      events: box => draw(box, [at, json.data.map(d => d.events * 60 / Math.max(10, d.seconds))], [line('Events/min', '--accent', plain, '--accent-soft')], plain),
      success: box => draw(box, [at, json.data.map(d => { const all = d.succeeded + d.failed; return all ? 100 * d.succeeded / all : null; })], [{ ...line('Success %', '--good', plain), spanGaps: true }], v => v + ' %', 105),
      latency: box => draw(box, [at, json.data.map(d => d.p50_ms), json.data.map(d => d.p99_ms)], [{ ...line('p50', '--accent', millis), spanGaps: true }, { ...line('p99', '--warn', millis), spanGaps: true }], millis),
      oldest: box => draw(box, [at, json.data.map(d => d.oldest_due_ms)], [line('Oldest due', '--accent', millis, '--accent-soft')], millis)
    };
    for (const box of document.querySelectorAll('[data-chart]')) each[box.dataset.chart](box);
  };
  const refresh = async root => {
    if (document.hidden) return;
    try {
      const answer = await fetch(root.dataset.charts, { headers: { accept: 'application/json' }, redirect: 'error' });
      if (!answer.ok) throw new Error(answer.status);
      root.numbers = await answer.json();
      plot(root.numbers);
      root.classList.remove('stale');
      root.dataset.state = 'drawn';
    } catch {
      root.classList.add('stale');
      root.dataset.state = 'failed';
    }
  };

  // Following events as they come. Rows are bounded, so that it may go on for days; ids are in the
  // order of time. A page that nobody sees lets go of its connection, of which browsers have few.
  const follow = button => {
    const state = document.getElementById('live-state');
    const [spoken, counted] = state.children;
    const rows = document.getElementById('events');
    let following = false;
    let source = null;
    let waiting = 0;
    let count = 0;
    const tell = text => {
      state.hidden = !text;
      if (spoken.textContent !== text) spoken.textContent = text;
      counted.textContent = text === FOLLOWING ? ': ' + count + ' new' : '';
    };
    const status = row => row.querySelector('.status')?.textContent;
    const place = fresh => {
      const next = [...rows.rows].find(row => row.id < fresh.id);
      if (!next && rows.rows.length >= SHOWN_ROWS) return;
      rows.insertBefore(fresh, next ?? null);
      count++;
      document.getElementById('no-events')?.remove();
      rows.closest('table').classList.remove('bare');
      while (rows.rows.length > SHOWN_ROWS) rows.lastElementChild.remove();
    };
    const row = event => {
      const holder = document.createElement('template');
      holder.innerHTML = event.data;
      const fresh = holder.content.firstElementChild;
      if (!fresh) return;
      localize(fresh);
      const before = document.getElementById(fresh.id);
      if (!before) {
        place(fresh);
      } else if (status(before) !== status(fresh)) {
        before.replaceWith(fresh);
      }
      tell(FOLLOWING);
    };
    const disconnect = () => {
      clearTimeout(waiting);
      source?.close();
      source = null;
    };
    const connect = () => {
      disconnect();
      const address = new URL(button.dataset.live, location.href);
      const newest = [...rows.rows].reduce((id, row) => row.id > id ? row.id : id, '');
      if (newest) address.searchParams.set('after', newest);
      source = new EventSource(address);
      source.onopen = () => tell(FOLLOWING);
      source.onerror = () => {
        tell('Connecting again…');
        // By itself a browser tries again unless it was answered something else, such as 503.
        if (source?.readyState === EventSource.CLOSED) waiting = setTimeout(connect, AGAIN_MILLIS);
      };
      source.addEventListener('row', row);
      source.addEventListener('over', () => {
        stop();
        tell('Following has ended. Load the page anew to go on.');
      });
    };
    const stop = () => {
      following = false;
      disconnect();
      button.setAttribute('aria-pressed', 'false');
      button.textContent = 'Follow live';
      tell('');
    };
    button.addEventListener('click', () => {
      if (following) { stop(); return; }
      following = true;
      button.setAttribute('aria-pressed', 'true');
      button.textContent = 'Stop following';
      tell('Connecting…');
      connect();
    });
    document.addEventListener('visibilitychange', () => {
      if (following) document.hidden ? disconnect() : connect();
    });
    addEventListener('pagehide', stop);
  };

  document.addEventListener('DOMContentLoaded', () => {
    localize(document);
    const button = document.getElementById('follow');
    if (button) follow(button);
    const root = document.querySelector('[data-charts]');
    if (root) {
      refresh(root);
      setInterval(() => refresh(root), 10000);
      let waiting = 0;
      const again = () => { clearTimeout(waiting); waiting = setTimeout(() => root.numbers && plot(root.numbers), 150); };
      addEventListener('resize', again);
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    }
  });
  // What is asked for again and again is put in its place only where it has changed, and stays as the
  // reader left it: unfolded, with the focus where it was.
  const text = element => element.textContent.replace(/\s+/g, ' ').trim();
  let unfolded = [];
  document.addEventListener('htmx:beforeSwap', event => {
    const { target, serverResponse, xhr, requestConfig } = event.detail;
    unfolded = [];
    if (xhr.status !== 200 || requestConfig.verb !== 'get') return;
    const fresh = document.createElement('template');
    fresh.innerHTML = serverResponse;
    localize(fresh.content);
    if (text(fresh.content) === text(target)) event.detail.shouldSwap = false;
    unfolded = [...target.querySelectorAll('details[id][open]')].map(details => details.id);
  });
  document.addEventListener('htmx:afterSwap', event => {
    localize(event.target);
    unfolded.forEach(id => document.getElementById(id)?.setAttribute('open', ''));
  });
  const unanswered = 'The gateway does not answer. What is shown here may be old.';
  document.addEventListener('htmx:responseError', () => said('That did not work. Load the page anew and try again.', true));
  document.addEventListener('htmx:sendError', () => said(unanswered, true));
  document.addEventListener('htmx:timeout', () => said(unanswered, true));
  document.addEventListener('htmx:afterRequest', event => {
    if (event.detail.successful && document.querySelector('#said.toast')) said('', false);
  });
})();
