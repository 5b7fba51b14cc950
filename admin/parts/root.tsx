/** What surrounds every page: what was said, and the second factor when it is asked for. */
import { Outlet } from '@tanstack/react-router';
import { Said } from './said.tsx';
import { SecondFactor } from './second-factor.tsx';

export function Root() {
  return (
    <Said>
      <SecondFactor>
        <Outlet />
      </SecondFactor>
    </Said>
  );
}
