/** Every text of all pages, English and Korean side by side; {n|one|many} chooses by a number. */
const WORDS = {
  // several pages
  bars: ['Snack bars', '매점'],
  back: ['Back', '뒤로'],
  tryAgain: ['Try again', '다시 시도'],
  noAnswer: ['No answer from the service.', '서버가 응답하지 않습니다.'],
  failed: ['That did not work ({status}).', '처리하지 못했습니다 ({status}).'],

  // order page
  tagline: ['Snacks ordered from your seat. The film never missed.', '좌석에서 주문하고, 영화는 한 장면도 놓치지 마세요.'],
  menu: ['Menu', '메뉴'],
  currentOrders: ['Your orders', '내 주문'],
  earlierOrders: ['Earlier orders', '지난 주문'],
  barsFailed: ['The snack bars cannot be shown right now.', '지금은 매점을 불러올 수 없습니다.'],
  menuFailed: ['The menu cannot be shown right now.', '지금은 메뉴를 불러올 수 없습니다.'],
  menuEmpty: ['This snack bar sells nothing right now.', '지금은 판매 중인 메뉴가 없습니다.'],
  soldOut: ['Sold out', '품절'],
  about: ['about {n} min', '약 {n}분'],
  left: ['{n} left', '{n}개 남음'],
  add: ['Add {item}', '{item} 담기'],
  more: ['One more {item}', '{item} 하나 더'],
  fewer: ['One {item} fewer', '{item} 하나 빼기'],
  inCart: ['{n} {item} in your order', '{item} {n}개 담김'],
  review: ['Review order · {n} {n|item|items}', '주문 확인 · {n}개'],
  yourOrder: ['Your order', '주문 내역'],
  total: ['Total', '합계'],
  name: ['Name (we call it out)', '이름 (준비되면 불러 드려요)'],
  nameNeeded: ['Please tell us your name.', '이름을 입력해 주세요.'],
  phone: ['Phone (optional)', '전화번호 (선택)'],
  seat: ['Seat (optional)', '좌석 (선택)'],
  seatHint: ['Empty: you pick it up', '비우면 직접 픽업'],
  note: ['Note (optional)', '요청 사항 (선택)'],
  place: ['Place order · {total}', '{total} 주문하기'],
  placing: ['Placing your order…', '주문하는 중…'],
  placingAgain: ['No answer yet. Asking again in {n} s; it is never ordered twice.',
    '아직 응답이 없습니다. {n}초 뒤 다시 확인합니다. 두 번 주문되지 않습니다.'],
  busyAgain: ['Very busy right now. Trying again in {n} s…', '지금 주문이 많습니다. {n}초 뒤 다시 시도합니다…'],
  busy: ['The snack bar takes no orders right now. Please try again in {n} s.',
    '지금은 주문을 받을 수 없습니다. {n}초 뒤 다시 시도해 주세요.'],
  undecided: ['We could not make sure that your order got through. Trying again is safe: it is never ordered twice.',
    '주문이 접수되었는지 확인하지 못했습니다. 다시 시도해도 두 번 주문되지 않습니다.'],
  undecidedOldGuest: ['We could not make sure that your order got through. Please ask at the snack bar before ordering again.',
    '주문이 접수되었는지 확인하지 못했습니다. 다시 주문하기 전에 매점에 문의해 주세요.'],
  letItBe: ['Leave it', '그만두기'],
  orderAnew: ['Order anew', '새로 주문'],
  notAccepted: ['Your order was not accepted.', '주문이 접수되지 않았습니다.'],
  goneMeanwhile: ['Sold out meanwhile: {items}. Please check your order.', '방금 품절: {items}. 주문을 확인해 주세요.'],
  placed: ['Ordered. Your pickup number is {number}.', '주문되었습니다. 픽업 번호는 {number}번입니다.'],
  pickupNumber: ['Pickup number', '픽업 번호'],
  seatIs: ['Seat {seat}', '좌석 {seat}'],
  readyByIn: ['Ready by {time} · in\u00a0{minutes}\u00a0min', '{time}까지 준비 · {minutes}분\u00a0남음'],
  readyBy: ['Promised for {time}', '{time} 준비 예정'],
  orderedAt: ['Ordered {time}', '{time} 주문'],
  cancel: ['Cancel order', '주문 취소'],
  cancelSure: ['Tap again to cancel', '한 번 더 누르면 취소됩니다'],
  tooLate: ['Too late to cancel: {status}.', '취소할 수 없습니다: {status}.'],
  cancelUnanswered: ['No answer to your cancel yet. Please try again.', '취소 요청에 아직 응답이 없습니다. 다시 시도해 주세요.'],
  sessionEnded: ['Your session has ended, so the status is no longer live. Your pickup number stays valid.',
    '세션이 끝나 상태가 갱신되지 않습니다. 픽업 번호는 그대로 유효합니다.'],
  forgetMe: ['Delete my data', '내 정보 삭제'],
  forgetSure: ['Tap again to delete', '한 번 더 누르면 삭제됩니다'],
  forgetWhat: ['Your name, phone, seat and note are deleted from your orders, and everything that is kept on this device. An open order is still made, but not brought to your seat: please pick it up by its number. You can no longer follow or cancel it here.',
    '주문에 남긴 이름, 전화번호, 좌석, 요청 사항과 이 기기에 저장된 내용을 모두 삭제합니다. 진행 중인 주문은 그대로 준비되지만 좌석으로 가져다 드리지 못하니 픽업 번호로 찾아가 주세요. 이 화면에서는 더 이상 확인하거나 취소할 수 없습니다.'],
  forgetting: ['Deleting…', '삭제하는 중…'],
  forgetFailed: ['Your data could not be deleted. Please try again.', '정보를 삭제하지 못했습니다. 다시 시도해 주세요.'],
  forgotten: ['Your data is deleted', '내 정보를 삭제했습니다'],
  forgottenWhere: ['Gone from {n} {n|order|orders} and from this device.', '주문 {n}건과 이 기기에서 지웠습니다.'],
  forgottenHere: ['Gone from this device. Your session had ended, so what earlier orders say cannot be deleted from here any more.',
    '이 기기에서 지웠습니다. 세션이 이미 끝나 이전 주문에 남긴 내용은 여기서 삭제할 수 없습니다.'],
  forgottenNumbers: ['Still being made: {n|number|numbers} {numbers}. Please pick it up at the snack bar.',
    '준비 중인 주문: {numbers}번. 매점에서 찾아가 주세요.'],
  statusOf: ['Order {number}: {status}', '{number}번 주문: {status}'],
  'status.PENDING_PAYMENT': ['Waiting for payment', '결제 확인 중'],
  'status.PLACED': ['Order received', '주문 접수됨'],
  'status.PREPARING': ['Being prepared', '준비 중'],
  'status.READY': ['Ready', '준비 완료'],
  'status.HANDED_OVER': ['Handed over', '전달 완료'],
  'status.CANCELLED': ['Cancelled', '취소됨'],
  'status.CANCELLING': ['Asking the bar…', '매점에 확인 중…'],
  'status.REJECTED': ['The bar cannot make it', '매점에서 준비할 수 없습니다'],
  'status.PAYMENT_FAILED': ['Payment failed', '결제 실패'],
  pickUpNow: ['Ready: please pick it up', '준비 완료: 찾아가 주세요'],

  // staff board
  'column.PLACED': ['New', '신규'],
  'column.PREPARING': ['Preparing', '준비 중'],
  'column.READY': ['Ready', '준비 완료'],
  'empty.PLACED': ['No new orders', '새 주문 없음'],
  'empty.PREPARING': ['Nothing in preparation', '준비 중인 주문 없음'],
  'empty.READY': ['Nothing to hand over', '전달할 주문 없음'],
  columns: ['Columns', '목록'],
  totals: ['Still to make', '만들 것'],
  alsoReady: ['+{n} ready', '+{n} 완료'],
  'step.start': ['Start', '시작'],
  'step.ready': ['Ready', '준비 완료'],
  'step.hand-over': ['Hand over', '전달'],
  'step.undo': ['Undo', '되돌리기'],
  'step.reject': ['Reject', '거절'],
  due: ['{time} left', '{time} 남음'],
  late: ['{time} late', '{time} 지남'],
  promisedFor: ['for {time}', '{time} 예정'],
  ago: ['{n} min ago', '{n}분 전'],
  justNow: ['just now', '방금'],
  pickup: ['Pickup', '픽업'],
  newOrders: ['{n} new', '새 주문 {n}건'],
  acknowledge: ['Got it', '확인'],
  acknowledgeAll: ['Got it, all', '모두 확인'],
  soundTurnOn: ['Turn sound on', '소리 켜기'],
  soundIsOn: ['Sound is on', '소리 켜짐'],
  newOrder: ['New order {number}: {summary}', '새 주문 {number}번: {summary}'],
  wasCancelled: ['Order {number} was cancelled by the customer', '{number}번 주문이 고객에 의해 취소되었습니다'],
  cancelled: ['CANCELLED', '취소됨'],
  handedOver: ['Order {number} handed over', '{number}번 주문 전달 완료'],
  itIs: ['not possible, it is now: {status}', '불가, 현재 상태: {status}'],
  notDone: ['Order {number}: {detail}', '{number}번 주문: {detail}'],
  otherBar: ['You may not work at this snack bar.', '이 매점에 대한 권한이 없습니다.'],
  rejectOrder: ['Reject order {number}?', '{number}번 주문을 거절할까요?'],
  rejectHint: ['The customer sees the reason.', '고객에게 사유가 표시됩니다.'],
  reason: ['Reason', '사유'],
  'reason.soldOut': ['Sold out', '품절'],
  'reason.closed': ['The bar is closed', '매점 마감'],
  'reason.tooBusy': ['Too busy right now', '주문이 많아 준비할 수 없음'],
  soldOutSwitch: ['Sold out…', '품절 처리'],
  whatIsOnSale: ['What is on sale?', '판매 중인 메뉴'],
  soldOutHint: ['What is switched off cannot be ordered until it is switched on again.', '꺼 둔 메뉴는 다시 켤 때까지 주문할 수 없습니다.'],
  onSale: ['On sale', '판매 중'],
  done: ['Done', '완료'],
  keys: ['1–9, 0: the button of that order · ← →: column · U: undo · G: got it · M: sold out · S: sound',
    '1–9, 0: 해당 주문 버튼 · ← →: 열 이동 · U: 되돌리기 · G: 모두 확인 · M: 품절 처리 · S: 소리'],
  boardGoesOn: ['Only the oldest orders are shown; the others follow as these are finished.',
    '오래된 주문부터 표시합니다. 나머지는 처리되는 대로 이어서 표시됩니다.'],
  offline: ['No connection since {time}. Trying again… This list may be out of date.',
    '{time}부터 연결이 끊겼습니다. 다시 연결하는 중… 목록이 최신이 아닐 수 있습니다.'],
  signIn: ['Staff sign-in', '직원 로그인'],
  staffToken: ['Staff token', '직원 토큰'],
  signInButton: ['Sign in', '로그인'],
  tryAsStaff: ['Try as staff', '직원으로 체험하기'],
  signInNeeded: ['A staff sign-in is needed here: please enter your staff token.', '직원 로그인이 필요합니다. 직원 토큰을 입력해 주세요.'],
  signInAgain: ['Your sign-in has ended. Please sign in again.', '로그인이 만료되었습니다. 다시 로그인해 주세요.'],

  // pickup screen
  'pickup.PREPARING': ['Being prepared', '준비 중'],
  'pickup.READY': ['Ready: please pick up', '준비 완료: 받아 가세요'],
  'pickup.call': ['Ready', '준비 완료'],
  'pickup.isReady': ['Number {number} is ready.', '{number}번 주문이 준비되었습니다.'],
};

export const language = navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';

export function t(key, values = {}) {
  const text = WORDS[key][language === 'ko' ? 1 : 0];
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? values[name] : values[name] === 1 ? one : many);
}

/** The name of a bar or a menu item in the reader's language. */
export const nameOf = ({ name, names }) => names?.[navigator.language] ?? names?.[language] ?? name;

/** Fills in the texts that the HTML names with data-t, data-t-label (aria-label) and data-t-empty. */
export function translatePage() {
  document.documentElement.lang = language;
  document.querySelectorAll('[data-t]').forEach((e) => (e.textContent = t(e.dataset.t)));
  document.querySelectorAll('[data-t-label]').forEach((e) => e.setAttribute('aria-label', t(e.dataset.tLabel)));
  document.querySelectorAll('[data-t-empty]').forEach((e) => (e.dataset.empty = t(e.dataset.tEmpty)));
}

/** What to tell a person about a Problem. */
export function explain(problem) {
  if (problem.status === 0) {
    return t('noAnswer');
  }
  return problem.body.detail ?? problem.body.title ?? t('failed', { status: problem.status });
}
