"""Bot walls, recognised by their markup and headers, not only by their words.

A vendor's script is also on ordinary pages (for monitoring), so it counts only where the page shows little else. Parts
that only a challenge has (its container, its form, its iframe) count on any page without an offer.
"""

import re

from enforcement.rules.verdict.answer import Answer
from enforcement.rules.verdict.page import Page

LITTLE = 600  # characters of text: bot walls are small pages
MUCH = 2_500  # characters of text that no wall has
# Only a challenge sends these.
_HEADERS = (
    ("cf-mitigated", ""), ("x-amzn-waf-action", ""), ("x-datadome", "protected"), ("x-px-captcha", ""), ("x-sucuri-block", ""),
    ("x-kpsdk-ct", ""), ("x-iinfo-challenge", ""), ("bxpunish", ""), ("x5-punish", ""), ("x-captcha", ""),
)  # fmt: skip
_CHALLENGE = (
    # Cloudflare; AWS WAF; DataDome; PerimeterX (HUMAN); Imperva; Akamai; Kasada; F5; Alibaba; GeeTest; Yandex; Sucuri; Qrator
    "#challenge-running, #challenge-form, #challenge-stage, #challenge-error-text, #cf-challenge-running, #cf-error-details, .cf-browser-verification, "
    "#cf-wrapper, #trk_jschal_js, form[action*='__cf_chl'], #challenge-container, #captcha-container, #aws-waf-captcha, iframe[src*='captcha-delivery.com'], "
    "#px-captcha, .px-captcha-container, #px-captcha-wrapper, meta[content='px-captcha'], iframe[src*='_Incapsula_Resource'], #main-iframe[src*='Incapsula'], "
    "#sec-if-cpt-container, #sec-cpt-if, .behavioral-content, #kpsdk-iframe, #nocaptcha, .nc-container, #nc_1_wrapper, #baxia-punish, #baxia-dialog-content, "
    "iframe[src*='punish'], iframe[src*='_____tmd_____'], .J_MIDDLEWARE_FRAME_WIDGET, .geetest_holder, .geetest_captcha, #geetest_box, .geetest_panel, "
    "form[action*='showcaptcha'], form[action*='checkcaptcha'], .CheckboxCaptcha, .AdvancedCaptcha, .smart-captcha, form[action*='validateCaptcha'], #ddg-captcha, "
    "#qrator-challenge, .slider-captcha, .verify-slider, .tcaptcha-iframe, #tcaptcha_iframe, #friendly-captcha, .frc-captcha, altcha-widget, #mtcaptcha"
)
# Shops also have these beside a question to the seller, a call back or a newsletter: alone, they make no wall of a large page.
_CAPTCHA = "form[action*='captcha' i], form[action*='challenge' i], img[src*='captcha' i], input[name*='captcha' i], [class*='captcha-box']"
_WIDGET = ".g-recaptcha, .h-captcha, .cf-turnstile, [data-sitekey], iframe[src*='recaptcha'], iframe[src*='hcaptcha'], iframe[src*='arkoselabs'], #FunCaptcha"
_SCRIPT = re.compile(
    r"_cf_chl_opt|challenge-platform|/cdn-cgi/challenge|challenges\.cloudflare|turnstile/|gokuprops|awswaf|aws-waf|captcha-delivery|datadome|"
    r"_pxappid|perimeterx|px-cloud|px-captcha|human-challenge|_incapsula_resource|kpsdk|/ips\.js|/_sec/cp_challenge|bm-verify|akam/|_abck|"
    r"tspd_|bobcmn|_____tmd_____|punish|baxia|x5sec|awsc\.js|nocaptcha|geetest|smartcaptcha|qrator|ddos-guard|sucuri_cloudproxy|recaptcha/|"
    r"hcaptcha\.com|arkoselabs|funcaptcha|tcaptcha|friendlycaptcha|botdetect|slowaes\.js|toNumbers\(|captcha",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie)")
_AGAIN = re.compile(
    r"location\s*(?:\.\s*(?:reload|replace|assign)\b|(?:\.\s*href\s*)?=(?!=))|\.reload\s*\(|\.submit\s*\("
)


def wall_header(answer: Answer, *, shows_listing: bool) -> str:
    """The header that identifies a bot wall, or "". DataDome marks every answer: there the listing must also be missing
    from the page."""
    for name, value in _HEADERS:
        if (found := answer.headers.get(name)) and (not value or not shows_listing):
            return f"{name}: {found}"[:80]
    return ""


def wall_markup(page: Page, *, seen: int) -> str:
    """The part of the markup that belongs to a challenge, or "". `seen` is how many characters of text the page
    shows."""
    if page.tree is None:
        return ""
    if found := page.tree.css_first(f"{_CHALLENGE}, {_CAPTCHA}" if seen < MUCH else _CHALLENGE):
        return f"<{found.tag}> {found.attributes.get('id') or found.attributes.get('class') or ''}".strip()[:80]
    if seen >= LITTLE / 2:
        return ""
    scripts = " ".join(f"{node.attributes.get('src') or ''} {node.text()[:4_000]}" for node in page.tree.css("script"))
    # Cloudflare's monitoring script is on ordinary pages
    if script := _SCRIPT.search(scripts.replace("challenge-platform/scripts/jsd", "")):
        return f"script {script[0]}"
    if page.has(_WIDGET):
        return "a captcha on an almost empty page"
    sets_cookie = _COOKIE.search(scripts) or not page.has("script[src]")
    return "a script that reloads the page" if seen < 80 and sets_cookie and _AGAIN.search(scripts) else ""
