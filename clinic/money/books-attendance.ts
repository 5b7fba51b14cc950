// Who came and who did not, told again from the appointments (connectors.md §2.8).
import type { AppointmentRow, Clinic } from '../rows.ts';

/** The rates over the appointments of the clinic days [from, to] that have begun by `now`. */
export function attendanceOf({ appointments }: Pick<Clinic, 'appointments'>, { from, to, now }: { from: string; to: string; now: number }) {
  const begun = appointments.filter(
    ({ start_at, status }) =>
      start_at.slice(0, 10) >= from && start_at.slice(0, 10) <= to && Date.parse(start_at) <= now && status !== 'entered_in_error',
  );
  const are = (test: (row: AppointmentRow) => boolean) => begun.filter(test).length;
  const completed = are(({ status }) => status === 'completed');
  const no_show = are(({ status }) => status === 'no_show');
  const cancelled = begun.filter(({ status }) => status === 'cancelled');
  const moved = are(({ status }) => status === 'rescheduled');
  const booked = begun.length - moved;
  const late = cancelled.filter(
    ({ cancelled_by, cancelled_at, start_at }) =>
      cancelled_by === 'patient' && cancelled_at !== null && Date.parse(start_at) - Date.parse(cancelled_at) < 24 * 3_600_000,
  ).length;
  const by = (who: AppointmentRow['cancelled_by']) => cancelled.filter(({ cancelled_by }) => cancelled_by === who).length;
  return {
    outcomes: {
      completed,
      no_show,
      cancelled_by_patient: by('patient'),
      cancelled_by_practice: by('practice'),
      cancelled_by_system: by('system'),
      cancelled_by_unknown: by(null),
      rescheduled: moved,
    },
    /** Of completed and missed alone: calling off in time is not staying away. */
    no_show: { numerator: no_show, denominator: completed + no_show },
    no_show_of_booked: { numerator: no_show, denominator: booked },
    cancellation: { numerator: cancelled.length, denominator: booked },
    late_cancellation: { numerator: late, denominator: booked },
  };
}
