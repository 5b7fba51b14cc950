/** Every address of the application. What stands in an address bar is written here and nowhere else; all of it lies under /admin. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  invitation: '/invitation',
  drafts: '/ai-drafts/',
  draft: '/ai-drafts/$draft_id',
  together: '/ai-drafts/together/$together_id',
  holds: '/ai-drafts/holds/',
  hold: '/ai-drafts/holds/$hold_id',
  approvals: '/ai-drafts/approvals/',
  newApproval: '/ai-drafts/approvals/new',
  approval: '/ai-drafts/approvals/$approval_id',
  messages: '/messages/',
  connections: '/connections/',
  aiAccess: '/ai-mcp/',
  people: '/people/',
} as const;
