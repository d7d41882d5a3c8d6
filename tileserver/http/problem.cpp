#include "tileserver/http/problem.hpp"

#include <nlohmann/json.hpp>

namespace ritchi::http {

namespace {

struct StatusText {
  int status;
  const char* en;
  const char* ja;
};

constexpr StatusText status_texts[] = {
    {200, "OK", "成功"},
    {201, "Created", "作成しました"},
    {202, "Accepted", "受け付けました"},
    {204, "No Content", "内容はありません"},
    {301, "Moved Permanently", "移転しました"},
    {302, "Found", "別の場所にあります"},
    {303, "See Other", "別の場所を参照してください"},
    {304, "Not Modified", "変更されていません"},
    {307, "Temporary Redirect", "一時的に移転しています"},
    {308, "Permanent Redirect", "移転しました"},
    {400, "Bad Request", "リクエストが正しくありません"},
    {401, "Unauthorized", "認証が必要です"},
    {403, "Forbidden", "許可されていません"},
    {404, "Not Found", "見つかりません"},
    {405, "Method Not Allowed", "このメソッドは使えません"},
    {406, "Not Acceptable", "求められた形式では返せません"},
    {408, "Request Timeout", "リクエストの受信が時間切れになりました"},
    {409, "Conflict", "現在の状態と競合しています"},
    {410, "Gone", "削除されました"},
    {412, "Precondition Failed", "前提条件が満たされていません"},
    {413, "Content Too Large", "本文が大きすぎます"},
    {414, "URI Too Long", "URL が長すぎます"},
    {415, "Unsupported Media Type", "対応していない形式です"},
    {417, "Expectation Failed", "Expect の要求には応じられません"},
    {422, "Unprocessable Content", "内容を処理できません"},
    {429, "Too Many Requests", "リクエストが多すぎます"},
    {431, "Request Header Fields Too Large", "ヘッダーが大きすぎます"},
    {500, "Internal Server Error", "サーバー内部の誤りです"},
    {501, "Not Implemented", "実装されていません"},
    {503, "Service Unavailable", "現在は応じられません"},
    {504, "Gateway Timeout", "時間切れになりました"},
    {505, "HTTP Version Not Supported", "この HTTP バージョンには対応していません"},
};

const StatusText* find_text(int status) noexcept {
  for (const StatusText& text : status_texts) {
    if (text.status == status) return &text;
  }
  return nullptr;
}

struct RefusalText {
  int status;
  const char* en;
  const char* ja;
};

RefusalText text_of(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::bad_request:
      return {400, "The request does not follow HTTP.", "HTTP の規則に合わないリクエストです。"};
    case Refusal::no_such_path:
      return {404, "There is nothing at this path.", "このパスには何もありません。"};
    case Refusal::method_not_allowed:
      return {405, "This path does not offer that method; the Allow field names those it offers.",
              "このパスではそのメソッドは使えません。使えるものは Allow にあります。"};
    case Refusal::not_acceptable:
      return {406, "No content coding that Accept-Encoding allows is offered here.",
              "Accept-Encoding が許す符号化では返せません。"};
    case Refusal::request_timeout:
      return {408, "The request did not arrive within the time allowed.",
              "制限時間内にリクエストが届きませんでした。"};
    case Refusal::body_too_large:
      return {413, "The request body is over the configured limit.", "本文が設定された上限を超えています。"};
    case Refusal::target_too_long:
      return {414, "The URL is over the configured limit; send long filters by POST.",
              "URL が設定された上限を超えています。長い条件は POST で送ってください。"};
    case Refusal::coded_request:
      return {415, "A request body must come without Content-Encoding.",
              "本文は Content-Encoding なしで送ってください。"};
    case Refusal::expectation_failed:
      return {417, "Only \"Expect: 100-continue\" is understood.",
              "Expect は 100-continue だけに対応しています。"};
    case Refusal::header_too_large:
      return {431, "The header fields are over the configured limit.",
              "ヘッダーが設定された上限を超えています。"};
    case Refusal::internal:
      return {500, "The server failed; the cause is in its log.",
              "サーバーで誤りが起きました。原因はサーバーの記録にあります。"};
    case Refusal::unknown_method:
      return {501, "The method or transfer coding is not implemented.",
              "そのメソッドまたは転送符号化は実装されていません。"};
    case Refusal::too_many_connections:
      return {503, "Too many connections are open; try again soon.",
              "接続数が上限に達しています。しばらくして再試行してください。"};
    case Refusal::queue_full:
      return {503, "Too many requests are waiting; try again soon.",
              "待ちリクエストが上限に達しています。しばらくして再試行してください。"};
    case Refusal::bad_version:
      return {505, "Only HTTP/1.0 and HTTP/1.1 are served.", "HTTP/1.0 と HTTP/1.1 だけに対応しています。"};
  }
  return {500, "", ""};
}

}  // namespace

std::string_view reason_of(int status) noexcept {
  const StatusText* text = find_text(status);
  return text ? text->en : "Unknown";
}

std::string_view title_of(int status, std::string_view language) noexcept {
  const StatusText* text = find_text(status);
  if (!text) return language == "en" ? "Error" : "エラー";
  return language == "en" ? text->en : text->ja;
}

Response problem_response(const Problem& problem, std::string_view language) {
  nlohmann::ordered_json document;
  document["type"] = "about:blank";
  document["title"] = problem.title.empty() ? std::string(title_of(problem.status, language)) : problem.title;
  document["status"] = problem.status;
  if (!problem.detail.empty()) document["detail"] = problem.detail;
  if (!problem.where.empty()) document["where"] = problem.where;
  if (!problem.remedy.empty()) document["remedy"] = problem.remedy;
  // A detail may quote a caller's bytes: what is not UTF-8 is replaced, never a reason to fail again.
  std::string body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Response response = Response::bytes(problem.status, "application/problem+json", std::move(body));
  response.headers.add("Vary", "Accept-Language");
  response.headers.add("Content-Language", language);
  return response;
}

Response refusal_response(Refusal refusal, std::string_view language, std::string_view detail) {
  const RefusalText text = text_of(refusal);
  Problem problem;
  problem.status = text.status;
  problem.detail = language == "en" ? text.en : text.ja;
  if (!detail.empty()) problem.detail.append(" (").append(detail).append(")");
  Response response = problem_response(problem, language);
  if (text.status == 503) response.headers.add("Retry-After", "1");
  return response;
}

}  // namespace ritchi::http
