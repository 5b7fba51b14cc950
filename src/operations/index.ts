import { getAllergies } from './allergies.ts';
import {
  draftAppointment,
  draftCancellation,
  draftReschedule,
  findOpenSlots,
  getAppointments,
  getNoShowsAndCancellations,
} from './appointments.ts';
import { createApproval, listApprovals, listApprovalUses, revokeApproval } from './approvals.ts';
import { searchAuditLog } from './audit.ts';
import { getAuthorizations } from './authorizations.ts';
import { getPatientBalance } from './balances.ts';
import { getBillingSummary } from './billing.ts';
import { draftCarePlanUpdate, findCarePlanItemsDue, getCarePlans } from './care-plans.ts';
import { listChanges } from './changes.ts';
import { findDenials, getClaims } from './claims.ts';
import { getProblemList } from './conditions.ts';
import { clearDriftAlert, connectionStatus, listConnections, listDriftAlerts, manageConnection } from './connections.ts';
import { listMessageConsents, recordMessageConsent } from './consents.ts';
import { draftContactUpdate } from './contacts.ts';
import { getCoverage } from './coverages.ts';
import { listCredentials, mintCredential, revokeCredential } from './credentials.ts';
import { listDeliveries, listUndelivered } from './deliveries.ts';
import {
  beginConversation,
  getDraft,
  listDraftFigures,
  listDrafts,
  rejectDraft,
  reviewDraft,
  reviewTogether,
  reviseDraft,
  signDraft,
  signTogether,
} from './drafts.ts';
import { getEncounters } from './encounters.ts';
import { listHolds, rejectHold, releaseHold, reviewHold } from './holds.ts';
import { draftTaskUpdate, getInbox } from './inbox.ts';
import { draftIntakeForm, getIntakeStatus } from './intake-forms.ts';
import { getLabOrders } from './lab-orders.ts';
import { findAbnormalLabs, findLabTrends, findPatientsDueForLabs } from './lab-surveys.ts';
import { getLabs } from './labs.ts';
import { getLeadFunnel } from './leads.ts';
import { findCareGaps, getQualityMeasures } from './measures.ts';
import { getMedications } from './medications.ts';
import { getMembershipMetrics } from './memberships.ts';
import { draftMessageBatch, draftPatientMessage } from './messages.ts';
import { draftChartNote, findUnsignedNotes, getChartNotes } from './notes.ts';
import type { Operation } from './operation.ts';
import { draftOrder } from './orders.ts';
import { draftPatient, getPatient, searchPatients } from './patients.ts';
import {
  invitePerson,
  listLicences,
  listLogins,
  listPeople,
  recordLicence,
  resetSecondFactor,
  revokeLogin,
  updatePerson,
} from './people.ts';
import { listPractitioners } from './practitioners.ts';
import { getPrescriptions } from './prescriptions.ts';
import { draftPriorAuthorization, getPriorAuthorizations } from './prior-authorizations.ts';
import { getPatientProfit } from './profits.ts';
import { readUntrusted } from './references.ts';
import { draftReferral, getReferrals } from './referrals.ts';
import { draftPaymentPosting, getRemittances } from './remittances.ts';
import { getStatements } from './statements.ts';
import { getPatientSummary } from './summaries.ts';
import { getOperation, getVendorWrite, listVendorWrites, resolveVendorWrite } from './vendor-writes.ts';
import { draftVitals, getVitals } from './vitals.ts';
import {
  createWebhookEndpoint,
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  getWebhookDelivery,
  listWebhookDeliveries,
  listWebhookEndpoints,
  removeWebhookEndpoint,
  replayDeadWebhooks,
  replayWebhookDelivery,
  rotateWebhookSecret,
  sendTestWebhook,
  updateWebhookEndpoint,
} from './webhooks.ts';

/** The catalogue, by name. */
export const catalogue: readonly Operation[] = Object.freeze(
  [
    getAppointments,
    getNoShowsAndCancellations,
    findOpenSlots,
    draftAppointment,
    draftReschedule,
    draftCancellation,
    listApprovals,
    listApprovalUses,
    createApproval,
    revokeApproval,
    listPractitioners,
    getInbox,
    getIntakeStatus,
    getCarePlans,
    findCarePlanItemsDue,
    getReferrals,
    getPriorAuthorizations,
    getAuthorizations,
    listChanges,
    connectionStatus,
    listConnections,
    manageConnection,
    listDriftAlerts,
    clearDriftAlert,
    getOperation,
    listVendorWrites,
    getVendorWrite,
    resolveVendorWrite,
    getDraft,
    listMessageConsents,
    recordMessageConsent,
    listDeliveries,
    listUndelivered,
    listCredentials,
    mintCredential,
    revokeCredential,
    searchAuditLog,
    listWebhookEndpoints,
    createWebhookEndpoint,
    updateWebhookEndpoint,
    rotateWebhookSecret,
    disableWebhookEndpoint,
    enableWebhookEndpoint,
    removeWebhookEndpoint,
    sendTestWebhook,
    listWebhookDeliveries,
    getWebhookDelivery,
    replayWebhookDelivery,
    replayDeadWebhooks,
    listDrafts,
    reviewDraft,
    listDraftFigures,
    reviseDraft,
    signDraft,
    reviewTogether,
    signTogether,
    listPeople,
    invitePerson,
    updatePerson,
    listLogins,
    revokeLogin,
    listLicences,
    recordLicence,
    resetSecondFactor,
    rejectDraft,
    listHolds,
    reviewHold,
    releaseHold,
    rejectHold,
    beginConversation,
    draftChartNote,
    draftVitals,
    draftOrder,
    draftTaskUpdate,
    draftReferral,
    draftPriorAuthorization,
    draftCarePlanUpdate,
    draftPaymentPosting,
    draftPatientMessage,
    draftMessageBatch,
    draftPatient,
    draftContactUpdate,
    draftIntakeForm,
    getLabs,
    findAbnormalLabs,
    findLabTrends,
    findPatientsDueForLabs,
    getMedications,
    getAllergies,
    getProblemList,
    getCoverage,
    getEncounters,
    getLabOrders,
    getPrescriptions,
    getVitals,
    findUnsignedNotes,
    findCareGaps,
    getQualityMeasures,
    getChartNotes,
    getPatient,
    searchPatients,
    readUntrusted,
    getBillingSummary,
    getPatientProfit,
    getLeadFunnel,
    getMembershipMetrics,
    getClaims,
    findDenials,
    getRemittances,
    getPatientBalance,
    getStatements,
    getPatientSummary,
  ].sort((a, b) => (a.name < b.name ? -1 : 1)),
);

const twice = catalogue.find(({ name }, at) => name === catalogue[at + 1]?.name);
if (twice) throw new Error(`two operations are called ${twice.name}`);
