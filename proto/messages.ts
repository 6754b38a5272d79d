// The one door to the protocol's types. `X` is what may be sent, `XOutput` what is received; nested messages are named by their path:
// Expression.Literal is ExpressionLiteral. int64 travels as text (`string`).
export type * from './generated/messages.js';
