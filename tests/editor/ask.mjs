// Asks the YAML language server, over stdio as an editor does, what it says of logs and configs.
//
// node ask.mjs DUBAN ROOT: the program, and the repository. Exit status 1 if the server says something else than is promised.

import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync, readFileSync, readdirSync, mkdirSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const duban = resolve(process.argv[2]);
const root = resolve(process.argv[3]);
const work = mkdtempSync(join(tmpdir(), 'duban-editor-'));

const server = spawn(process.execPath, [join(here, 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

let buffer = Buffer.alloc(0);
let next = 1;
const answers = new Map();
const told = new Map();

server.stdout.on('data', (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const head = buffer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())[1]);
    if (buffer.length < head + 4 + length) return;
    const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString());
    buffer = buffer.subarray(head + 4 + length);
    receive(message);
  }
});

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}

function receive(message) {
  if (message.method === 'textDocument/publishDiagnostics') {
    told.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === 'workspace/configuration') {
    const yaml = { validate: true, completion: true, hover: false, schemaStore: { enable: false } };
    const of = { yaml, 'http': {}, '[yaml]': {}, 'editor': {}, 'files': {} };
    send({ id: message.id, result: message.params.items.map((item) => of[item.section] ?? {}) });
  } else if (message.id !== undefined && message.method) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    answers.get(message.id)?.(message.result);
  }
}

function request(method, params) {
  const id = next++;
  return new Promise((done) => {
    answers.set(id, done);
    send({ id, method, params });
  });
}

// The last of the diagnostics that come for a document; the server may send an empty list first.
async function diagnostics(path, text) {
  const uri = pathToFileURL(path).href;
  const found = new Promise((done) => {
    let timer;
    const settle = (list) => {
      clearTimeout(timer);
      timer = setTimeout(() => done(list), 700);
    };
    told.set(uri, settle);
  });
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
  const list = await found;
  told.delete(uri);
  return list.map((one) => one.message);
}

// The labels that are offered at the end of a text.
async function completions(path, text) {
  const uri = pathToFileURL(path).href;
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
  const lines = text.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1).length };
  const result = await request('textDocument/completion', { textDocument: { uri }, position });
  return (result?.items ?? result ?? []).map((item) => item.label);
}

const wrong = [];
let asked = 0;

async function tells(name, path, text, expected) {
  asked += 1;
  const messages = await diagnostics(path, text);
  const all = messages.join(' | ');
  const fits = expected === '' ? messages.length === 0 : all.includes(expected);
  if (!fits) wrong.push(`${name}: expected ${expected || 'nothing'}, told: ${all || 'nothing'}`);
}

async function offers(name, path, text, expected) {
  asked += 1;
  const labels = await completions(path, text);
  for (const label of expected) {
    if (!labels.includes(label)) wrong.push(`${name}: ${label} is not offered, but: ${labels.slice(0, 30).join(' ')}`);
  }
}

async function main() {
  await request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(work).href,
    capabilities: { workspace: { configuration: true }, textDocument: { publishDiagnostics: {} } },
    workspaceFolders: [{ uri: pathToFileURL(work).href, name: 'work' }],
  });
  send({ method: 'initialized', params: {} });
  send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml: { validate: true, completion: true, schemaStore: { enable: false } } } } });

  execFileSync(duban, ['init', join(work, 'zh'), '--lang', 'zh'], { stdio: 'ignore' });
  execFileSync(duban, ['init', join(work, 'en'), '--lang', 'en'], { stdio: 'ignore' });
  const line = '# yaml-language-server: $schema=.duban/config.schema.json\n';
  const log = '# yaml-language-server: $schema=../.duban/log.schema.json\n';
  let count = 0;
  const config = () => join(work, `zh/config-${count++}.yaml`);
  const issues = () => join(work, `zh/logs/log-${count++}.yaml`);

  for (const lang of ['zh', 'en']) {
    const path = join(work, lang, 'duban.yaml');
    await tells(`the ${lang} config of init`, path, readFileSync(path, 'utf8'), '');
  }
  await tells('unknown key of the config', config(), line + '单立: [甲]\n', '单立');
  await tells('unknown key below', config(), line + 'office: {nmae: 甲}\n', 'nmae');
  await tells('unknown word of the config', config(), line + '字号: {通报: {编号: "{n}", 重编: 每月}}\n', '每年');
  await tells('missing key of the config', config(), line + '单位:\n  - {别名: [乙]}\n', 'name');
  await tells('both languages', config(), line + '语言: 中文\nunits: [甲]\nrules: {V101: 不查}\n', '');
  const rule = '规则:\n  - {代码: V101, 级别: 不查}\n  - {代码: X101, 条件: 未整改, 提示: {中文: 甲}}\n';
  await tells('own rules', config(), line + rule, '');
  await tells('unknown key of a rule', config(), line + rule.replace('提示', '提事'), '提事');
  await offers('keys of the config', config(), line, ['单位', 'units', '督办层级', '字号']);
  await offers('keys below', config(), line + '发文机关:\n  ', ['名称', 'name', '落款']);
  await offers('fields', config(), line + '列:\n  ', ['责任单位', 'unit']);
  await offers('words', config(), line + '语言: ', ['中文', 'en']);

  const sound = '- 发现日期: 2021-08-03\n  责任单位: 贾陈社区\n  问题描述: 通道堵塞\n';
  await tells('a sound log', issues(), log + sound + '  整改方式: 立行立改\n  问题类别: [消防安全]\n', '');
  await tells('other names', issues(), log + '- 检查时间: 2021-08-03\n  单位: 金光路办事处\n  存在问题: 通道堵塞\n', '');
  await tells('unknown key of a log', issues(), log + sound + '  责任单立: 甲\n', '责任单立');
  await tells('unknown unit', issues(), log + sound.replace('贾陈社区', '甲社区'), '贾陈社区');
  await tells('unknown disposition', issues(), log + sound + '  整改方式: 慢慢改\n', '立行立改');
  await tells('missing field', issues(), log + '- 发现日期: 2021-08-03\n  责任单位: 贾陈社区\n', '问题描述');
  await tells('missing field below a section', issues(), log + '问题:\n  - 发现日期: 2021-08-03\n    问题描述: x\n', '责任单位');
  await tells('a field of the whole file', issues(), log + '责任单位: 贾陈社区\n问题:\n  - 发现日期: 2021-08-03\n    问题描述: x\n', '');
  await offers('keys of an issue', issues(), log + sound + '  ', ['整改方式', 'disposition', '整改期限', '状态']);
  await offers('units', issues(), log + '- 责任单位: ', ['贾陈社区', '区市场监督管理局']);
  await offers('dispositions', issues(), log + sound + '  整改方式: ', ['立行立改', 'immediate']);

  // The examples of the repository, each with the schemas of its own project.
  const projects = ['zhengdong-2021', 'city-food-2024', 'own-paper'];
  for (const name of projects) {
    const folder = join(work, 'examples', name);
    cpSync(join(root, 'examples', name), folder, { recursive: true });
    mkdirSync(join(folder, '.duban'), { recursive: true });
    for (const of of ['config', 'log']) {
      writeFileSync(join(folder, `.duban/${of}.schema.json`), execFileSync(duban, ['schema', of, '-C', folder]));
    }
    const path = join(folder, 'duban.yaml');
    await tells(`${name}/duban.yaml`, path, line + readFileSync(path, 'utf8'), '');
    let files = [];
    try {
      files = readdirSync(join(folder, 'logs')).filter((file) => file.endsWith('.yaml'));
    } catch { /* a project without a folder of logs */ }
    for (const file of files) {
      const path = join(folder, 'logs', file);
      await tells(`${name}/${file}`, path, log + readFileSync(path, 'utf8'), '');
    }
  }
}

main().then(() => {
  server.kill();
  rmSync(work, { recursive: true, force: true });
  console.log(`the language server was asked ${asked} times, ${wrong.length} wrong`);
  for (const one of wrong) console.log(`  ${one}`);
  process.exit(wrong.length > 0 ? 1 : 0);
});
setTimeout(() => {
  console.log('the language server does not answer');
  server.kill();
  process.exit(1);
}, 180_000).unref();
