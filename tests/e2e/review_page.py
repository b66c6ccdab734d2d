"""The page of a review, in the words of the product."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.desk import Desk, until

__all__ = ["ReviewPage"]

_SELECT = """(page, words) => {
  let pieces = [];
  let start = -1;
  for (const root of page.querySelectorAll('.jp-PromptHub-change [data-pointable]')) {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, node =>
      node.parentElement.closest('del, button') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const here = [];
    while (walk.nextNode()) here.push(walk.currentNode);
    const at = here.map(node => node.data).join('').indexOf(words);
    if (at >= 0) [pieces, start] = [here, at];
  }
  if (start < 0) throw new Error(`${words} is not there`);
  const range = document.createRange();
  const place = (offset, isEnd) => {
    for (const node of pieces) {
      if (offset < node.length || (isEnd && offset === node.length)) return [node, offset];
      offset -= node.length;
    }
  };
  range.setStart(...place(start, false));
  range.setEnd(...place(start + words.length, true));
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""


class ReviewPage:
    """The review in front."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page: Page = desk.page
        self.node = desk.page.locator(".jp-MainAreaWidget:not(.lm-mod-hidden) > .jp-PromptHub-review")
        self.state = self.node.locator(".jp-PromptHub-stateChip")
        self.told = self.node.locator(".jp-PromptHub-review-told")
        self.merging = self.node.locator("[data-part=merge]")
        self.blocks = self.merging.locator(".jp-PromptHub-blocks li")
        self.merge_button = self.merging.get_by_role("button", name="Merge", exact=True)
        self.reviewers = self.node.locator(".jp-PromptHub-reviewers li")
        self.source = self.merging.locator("[data-part=source]")
        self.checks = self.node.locator(".jp-PromptHub-checks li")
        self.changes = self.node.locator(".jp-PromptHub-change")
        # one that is being begun is none yet
        self.threads = self.node.locator("[data-part=changes] .jp-PromptHub-thread:not(.jp-mod-new)")
        self.new = self.node.locator(".jp-PromptHub-thread.jp-mod-new")
        self.timeline = self.node.locator(".jp-PromptHub-timeline")
        self.decide = self.node.locator("[data-part=decide]")

    def change(self, words: str) -> Locator:
        return self.changes.filter(has_text=words)

    def shown(self, prompt_id: str, number: int = 1) -> ReviewPage:
        """Open it, and wait for it."""
        self.desk.command("prompthub:open-review", prompt=prompt_id, number=number)
        # another prompt's review of that number may be in front until then
        front = self.page.locator(f".jp-MainAreaWidget:not(.lm-mod-hidden)[data-prompt-id='{prompt_id}']")
        expect(front.locator("> .jp-PromptHub-review h2")).to_contain_text(f"#{number}")
        return self

    def select(self, words: str) -> None:
        """Select words of a change, as a pointer would."""
        self.node.evaluate(_SELECT, words)

    def comment_on(self, words: str, said: str, suggestion: str | None = None) -> Locator:
        """Begin a conversation about words; what it is shown as."""
        before = self.threads.count()
        self.select(words)
        self.node.get_by_role("button", name="Comment on these words").click()
        new = self.node.locator(".jp-PromptHub-thread.jp-mod-new")
        new.get_by_role("textbox", name="Comment on").fill(said)
        if suggestion is not None:
            new.get_by_label("Suggest other words").check()
            new.get_by_label("Suggested words").fill(suggestion)
        self.page.keyboard.press("Control+Enter")
        expect(new).to_have_count(0)
        expect(self.threads).to_have_count(before + 1)
        return self.threads.filter(has_text=said)

    def say(self, word: str, said: str = "") -> None:
        """Decide: ``Comment``, ``Approve`` or ``Request changes``."""
        self.decide.get_by_role("radio", name=word).check()
        self.decide.get_by_label("What you have to say").fill(said)
        self.decide.get_by_role("button", name=word, exact=True).click()
        expect(self.decide.get_by_role("radio", name="Comment")).to_be_checked()
        expect(self.decide.get_by_label("What you have to say")).to_have_value("")

    def blocked_by(self, *codes: str) -> None:
        """Exactly this is in the way."""
        # there may be as many others until the page is read again
        until(lambda: self._codes() == sorted(codes), page=self.page)

    def _codes(self) -> list[str]:
        codes: list[str] = self.blocks.evaluate_all("rows => rows.map(row => row.dataset.block)")
        return sorted(codes)
