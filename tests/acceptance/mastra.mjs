// mana's memory as mana builds it. Each line on standard input names a function below; each line on standard
// output is its answer, or the error that it threw with what caused it.

import { createInterface } from "node:readline";
import { DynamoDBStore } from "@mastra/dynamodb";
import { Memory } from "@mastra/memory";

// Standard output is for answers alone.
console.log = console.info = console.debug = console.warn = console.error;

const { MANA_MEMORY_TABLE: tableName, AWS_REGION: region } = process.env;
const config = { id: "mana-memory", tableName, region, ...JSON.parse(process.argv[1] ?? "{}") };
const storage = new DynamoDBStore({ name: "mana-memory", config });
const memory = new Memory({ storage, options: { lastMessages: 20, workingMemory: { enabled: true } } });
const store = (domain = "memory") => memory.storage.getStore(domain);

const threadId = "thread";
const resourceId = "user";
const messageIds = Array.from({ length: 25 }, (_, number) => `message-${String(number + 1).padStart(2, "0")}`);
const content = (text) => ({ format: 2, parts: [{ type: "text", text }] });
const messages = messageIds.map((id, number) => ({
  id,
  threadId,
  resourceId,
  role: number % 2 ? "assistant" : "user",
  type: "text",
  createdAt: new Date(Date.UTC(2026, 0, 1, 12, 0, number)),
  content: content(`Text of ${id}`),
}));

const runId = "run";
const workflowName = "workflow";
const snapshot = { runId, status: "success", value: {}, context: {} };
const span = { traceId: "trace", spanId: "span" };
const agent = { entityId: "agent", entityType: "AGENT" };
const score = {
  ...span,
  ...agent,
  runId,
  scorerId: "scorer",
  scorer: { id: "scorer" },
  entity: { id: "agent" },
  source: "TEST",
  score: 1,
  input: "Question",
  output: "Answer",
};
const pagination = { page: 0, perPage: 10 };

const functions = {
  createThread: async () => (await memory.createThread({ threadId, resourceId, title: "First title" })).id,
  getThreadById: async () => (await memory.getThreadById({ threadId }))?.title ?? null,
  updateThread: async () => (await memory.updateThread({ id: threadId, title: "Second title", metadata: {} })).title,
  listThreadsOfResource: async () => ids((await memory.listThreads({ filter: { resourceId } })).threads),
  listThreads: async () => ids((await memory.listThreads({})).threads),
  saveMessages: async () => ids((await memory.saveMessages({ messages })).messages),
  recall: async () => ids((await memory.recall({ threadId, resourceId })).messages),
  listMessagesById: async () => texts((await (await store()).listMessagesById({ messageIds: [messageIds[24]] })).messages),
  updateMessages: async () => texts(await memory.updateMessages({ messages: [{ id: messageIds[24], content: content("New text") }] })),
  deleteMessages: async () => (await memory.deleteMessages(messageIds.slice(0, 3))) ?? null,
  updateWorkingMemory: async () => (await memory.updateWorkingMemory({ threadId, resourceId, workingMemory: "# Likes tea" })) ?? null,
  getWorkingMemory: () => memory.getWorkingMemory({ threadId, resourceId }),
  deleteThread: async () => (await memory.deleteThread(threadId)) ?? null,
  dangerouslyClearAll: async () => (await (await store()).dangerouslyClearAll()) ?? null,
  persistWorkflowSnapshot: async () => (await (await store("workflows")).persistWorkflowSnapshot({ workflowName, runId, snapshot })) ?? null,
  listWorkflowRuns: async () => runs((await (await store("workflows")).listWorkflowRuns({ workflowName })).runs),
  getWorkflowRunById: async () => (await (await store("workflows")).getWorkflowRunById({ runId }))?.workflowName ?? null,
  saveScore: async () => (await (await store("scores")).saveScore(score)).score.runId,
  listScoresByScorerId: async () => runs((await (await store("scores")).listScoresByScorerId({ scorerId: score.scorerId, pagination })).scores),
  listScoresByRunId: async () => runs((await (await store("scores")).listScoresByRunId({ runId, pagination })).scores),
  listScoresByEntityId: async () => runs((await (await store("scores")).listScoresByEntityId({ ...agent, pagination })).scores),
  listScoresBySpan: async () => runs((await (await store("scores")).listScoresBySpan({ ...span, pagination })).scores),
};
const ids = (found) => found.map(({ id }) => id);
const runs = (found) => found.map(({ runId }) => runId);
const texts = (found) => found.map((message) => message.content.parts[0].text);

/** The messages of an error and of its causes, from the outermost to the first. */
function* reasons(error) {
  for (let reason = error; reason; reason = reason.cause) yield `${reason.name}: ${reason.message}`;
}

for await (const name of createInterface({ input: process.stdin })) {
  const answer = await functions[name]().then(
    (result) => ({ result }),
    (error) => ({ error: [...reasons(error)].join("\n") }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
