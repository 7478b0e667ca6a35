"""Somebody reports from the phone in a few taps; the window sorts by keyboard; the reporter hears what became of it."""

import re
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.seats import Seat

WORDS = "自 7 月起，所有周转箱标签须加贴二维码"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PASTED = """PNG => {
  const bytes = Uint8Array.from(atob(PNG), letter => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], 'image.png', {type: 'image/png'}));
  const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
  document.getElementById('id_text').dispatchEvent(paste);
}"""

LENGTH = """sound => new Promise(done => {
  sound.onloadedmetadata = () => done(sound.duration);
  sound.onerror = () => done(-1);
  sound.preload = 'auto';
  sound.load();
})"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "箱标.jpg"
    Image.new("RGB", (900, 1200), "#dfe6e6").save(path)
    return path


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "语音.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x10\x20" * 8000)
    return path


def report(seat: Seat, words: str, *, customer: str = "") -> None:
    """One tap opens the page, the box has the focus, one tap sends."""
    seat.page.locator(".top-report").click()
    seat.settle()
    expect(seat.page.locator("#id_text")).to_be_focused()
    seat.page.keyboard.type(words)
    if customer:
        seat.choose("顾客", customer)
    seat.press("上报")
    seat.sees("已上报", words)


def test_from_the_phone_to_a_case_and_back_to_the_reporter(
    sit_down: Callable[..., Seat], photo: Path, voice: Path
) -> None:
    wang, lina = sit_down("wang", size=PHONE), sit_down("lina")
    wang.page.locator(".top-report").click()
    wang.settle()
    wang.press("上报")  # nothing in it yet
    wang.is_told("请写一句话，或添加照片、文件。")
    wang.page.keyboard.press("Tab")
    wang.write("您了解到什么？", WORDS)
    wang.page.locator("#id_photos").set_input_files(photo)
    wang.page.locator("#id_sounds").set_input_files(voice)
    wang.page.evaluate(PASTED, PIXEL)
    wang.sees("箱标.jpg", "语音.wav", "截图-")
    wang.choose("顾客", "上汽大众")
    wang.page.locator("#id_said_at").fill("2199-01-01T08:00")
    wang.press("上报")
    wang.is_told("提出时间不能晚于当前时间。")
    expect(wang.page.locator("#id_text")).to_have_value(WORDS)  # nothing is lost on a refusal
    wang.sees("箱标.jpg", "语音.wav", "截图-")
    wang.page.locator("#id_said_at").fill("")
    wang.press("上报")
    wang.sees("已上报", WORDS)

    lina.go("/cases/findings/")
    card = lina.page.locator(".finding", has_text=WORDS)
    expect(card.locator("img")).to_have_count(2)
    expect(card.locator("img").first).to_have_js_property("complete", True)
    assert card.locator("audio").evaluate(LENGTH) == 1
    card.locator("a.row-link").focus()
    lina.page.keyboard.press("1")
    lina.is_told("已立案：CSR-")
    said = lina.page.locator("#notices").inner_text()
    number = re.search(r"CSR-\d{4}-\d+", said)
    assert number is not None
    lina.open_case(number[0])
    lina.sees("上报信息", WORDS, "箱标.jpg")

    wang.go("/notify/")
    wang.sees(f"您上报的要求已立案：{number[0]}")
    wang.page.locator("main").get_by_role("link", name=re.compile(number[0])).first.click()
    wang.settle()
    wang.sees("已立案", number[0])


def test_of_two_who_sort_the_second_is_told_and_an_undone_one_waits_again(sit_down: Callable[..., Seat]) -> None:
    words = "检验报告每批随货并附原始数据"
    report(sit_down("wang"), words)
    lina, zhou = sit_down("lina"), sit_down("zhou")
    for seat in (lina, zhou):
        seat.go("/cases/findings/")
    lina.page.locator(".finding", has_text=words).locator("a.row-link").focus()
    lina.page.keyboard.press("3")
    expect(lina.page.locator("dialog[open] form")).to_be_visible()
    lina.write("原因", "已知悉")
    lina.press("不予受理")
    lina.is_told("不予受理，原因将告知上报人。")

    zhou.ask_for(zhou.page.locator(".finding", has_text=words).get_by_role("link", name="不予受理"))
    zhou.write("原因", "不构成要求")
    zhou.press("不予受理")
    zhou.is_told("李娜刚刚已不予受理：已知悉")

    lina.page.locator(".notice-undo").click()
    lina.is_told("已退回待分拣。")
    expect(lina.page.locator(".finding", has_text=words)).to_have_count(1)


def test_keys_act_on_the_row_one_stands_on_only(sit_down: Callable[..., Seat]) -> None:
    for words in ("甲方要求一", "甲方要求二"):
        report(sit_down("wang"), words)
    lina = sit_down("lina")
    lina.go("/cases/findings/")
    lina.page.evaluate("document.activeElement.blur()")
    lina.page.keyboard.press("3")
    expect(lina.page.locator("dialog[open]")).to_have_count(0)
    lina.page.locator(".finding", has_text="甲方要求二").locator("a.row-link").focus()
    lina.page.keyboard.press("2")
    expect(lina.page.locator("dialog[open]")).to_contain_text("甲方要求二")
