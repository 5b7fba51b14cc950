/** What a vendor changed at its pages without a word: what was and what is, what it means here, and what happens next. Nothing is shown where all is as it was. */
import { Badge, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { driftAlerts } from '../api/queries.ts';
import type { DriftAlert } from '../api/types.ts';
import { instant } from '../ui/times.ts';
import { vendorWord } from '../ui/words.ts';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

const STATES: Record<DriftAlert['state'], { word: string; color: string }> = {
  stopped: { word: 'Stopped', color: 'red' },
  shifted: { word: 'To be looked at', color: 'orange' },
  left_out: { word: 'Partly left out', color: 'gray' },
};

export function Drift() {
  const query = useQuery(driftAlerts);
  if (query.data?.length === 0) return null;
  return (
    <section className="part" aria-labelledby="drift">
      <h2 id="drift" tabIndex={-1}>
        Changed at the vendor
      </h2>
      <Answer of={query}>
        {(alerts) => (
          <>
            <p className="part-says">
              A vendor has changed one of its pages. Attending compares each page with what it relies on, and stops before anything goes
              astray.
            </p>
            <ul className="cards">
              {alerts.map((alert) => (
                <Alert key={alert.alert_id} alert={alert} />
              ))}
            </ul>
          </>
        )}
      </Answer>
    </section>
  );
}

function Alert({ alert }: { alert: DriftAlert }) {
  const { time_zone } = useMe();
  const { vendor, surface, state, changed_at, means, next, changes, may_clear } = alert;
  const { word, color } = STATES[state];
  return (
    <li className="card">
      <div className="card-head">
        <h3>
          {vendorWord(vendor)}: {surface}
        </h3>
        <Badge color={color} variant="light">
          {word}
        </Badge>
        <time className="row-when" dateTime={changed_at}>
          since {instant(changed_at, time_zone)}
        </time>
      </div>
      <p>
        <strong>{means}</strong>
      </p>
      <ul className="drift">
        {changes.map(({ says, before, now }) => (
          <li key={`${says} ${before} ${now}`}>
            <span>{says}</span>
            <dl>
              <div>
                <dt>before</dt>
                <dd>
                  <del>{before}</del>
                </dd>
              </div>
              <div>
                <dt>now</dt>
                <dd>
                  <ins>{now}</ins>
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
      <p>
        <strong>What happens next:</strong> {next}
      </p>
      {may_clear && <Clear alert={alert} />}
    </li>
  );
}

function Clear({ alert: { alert_id, revision, vendor, surface, why_not } }: { alert: DriftAlert }) {
  const me = useMe();
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const mayClear = may(me, 'connections:manage') && why_not !== 'not_permitted';
  const clear = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await gate(() => ask('clear_drift_alert', { alert_id, revision }), `I know why: ${vendorWord(vendor)}, ${surface}`);
      say(`Not marked any more: ${vendorWord(vendor)}, ${surface}.`);
      // The card goes, and with it what had the focus.
      document.getElementById('systems')?.focus();
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: driftAlerts.queryKey });
  };
  return (
    <>
      {error !== undefined && <Fault error={error} />}
      <Button variant="default" loading={isBusy} disabled={!mayClear} onClick={() => void clear()}>
        I know why
      </Button>
      {!mayClear && <p className="hint">Your role sees this and does not clear it. The owner does.</p>}
    </>
  );
}
