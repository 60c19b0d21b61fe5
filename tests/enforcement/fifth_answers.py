"""A fifth set of invented answers of shops: whole pages, written before anybody saw how the rules judge them.

`want` names what may be said ("unknown|gone": either). A row that should be live, restricted or unknown and is judged gone
is a false proof.
"""

from typing import Any, NamedTuple

SHOP = "https://boutique.example"
URL = f"{SHOP}/p/kj-88213-rocking-sleeper"
ID = "KJ-88213"
TITLE = "Lullwood rocking sleeper KJ-882 grey"


class Row(NamedTuple):
    """One answer; `to` is the address that it came from, where that is another one."""

    kind: str
    want: str
    status: int
    html: str
    to: str = URL
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = {}


def _page(title: str, body: str, head: str = "") -> str:
    menu = "<nav><a href='/'>Home</a><a href='/baby'>Baby</a><a href='/garden'>Garden</a></nav>"
    foot = "<footer><a href='/terms'>Terms</a> <a href='/contact'>Contact</a> © Boutique</footer>"
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><header>{menu}</header>"
        f"<main>{body}</main>{foot}</body></html>"
    )


def _ld(availability: str, name: str = TITLE) -> str:
    return (
        '<script type=\'application/ld+json\'>{"@context":"https://schema.org","@type":"Product","name":"'
        + name
        + '","offers":{"@type":"Offer","price":"129.00","priceCurrency":"EUR","availability":'
        + f'"https://schema.org/{availability}"'
        + "}}</script>"
    )


RELATED = (
    "<section class='recommendations'><h2>Others also bought</h2><article><a href='/p/1'>Hazel cot 60x120</a>"
    "<span class='price'>€ 89.00</span><button>Add to basket</button></article><article><a href='/p/2'>Cot mobile</a>"
    "<span class='price'>€ 19.00</span><button>Add to basket</button></article></section>"
)
BUY = "<div class='buybox'><span class='price'>€ 129.00</span><button type='submit'>{}</button></div>"

ROWS = [
    # bot walls that say 404 or 410
    Row("wall", "unknown", 404, "<html><head><title>boutique.example</title></head><body><div class='loader'></div><script>window.__verify={k:'a8f'};fetch('/__verify',{method:'POST'}).then(()=>location.reload())</script></body></html>"),
    Row("wall", "unknown", 410, "<html><head><title>Hold on</title></head><body><h1>Hold on a second</h1><p>Our system thinks you might be a robot. Tick the box to go on.</p><form method=post action='/unblock'><input type=checkbox name=human><button>Go on</button></form></body></html>"),
    Row("wall", "unknown", 404, "<html lang=pl><head><title>Potwierdź</title></head><body><p>Wykryliśmy nietypowy ruch z Twojej sieci. Przepisz kod z obrazka, aby kontynuować.</p><img src='/kod.png'><form><input name=kod></form></body></html>"),
    Row("wall", "unknown", 410, "<html><head><title>Access denied</title></head><body><p>Reference #18.2d351ab8.1690</p><p>You don't have permission to access this page on this server.</p></body></html>"),
    Row("wall", "unknown", 404, "<html lang=tr><head><title>Güvenlik kontrolü</title></head><body><h1>Güvenlik kontrolü</h1><p>Lütfen robot olmadığınızı doğrulayın.</p><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script></body></html>"),
    Row("wall", "unknown", 404, "<html lang=vi><body><p>Hệ thống phát hiện truy cập tự động. Vui lòng kéo thanh trượt để xác minh.</p></body></html>"),
    # consent and age walls
    Row("consent", "unknown", 200, "<html lang=da><head><title>Boutique</title></head><body><div role=dialog><h2>Vi respekterer dit privatliv</h2><p>Vi og vores 812 partnere gemmer oplysninger på din enhed.</p><button>Accepter alle</button><button>Afvis</button></div></body></html>"),
    Row("consent", "unknown", 404, "<html lang=cs><head><title>Souhlas</title></head><body><h1>Než budete pokračovat</h1><p>Používáme soubory cookie.</p><button>Přijmout vše</button><button>Odmítnout vše</button></body></html>", f"{SHOP}/souhlas?dal=/p/kj-88213"),
    Row("consent", "unknown", 200, "<html lang=fi><body><h1>Oletko täyttänyt 18 vuotta?</h1><p>Sivusto on tarkoitettu vain aikuisille.</p><a href='/k'>Kyllä</a> <a href='/e'>En</a></body></html>"),
    # sign-in walls
    Row("login", "unknown", 200, _page("Přihlášení", "<h1>Přihlaste se</h1><form><input type=email><input type=password><button>Přihlásit</button></form><p>Tato nabídka je viditelná jen členům.</p>"), f"{SHOP}/prihlaseni?zpet=%2Fp"),
    Row("login", "unknown", 404, _page("Members", "<h1>This page is for trade customers</h1><form action='/session'><label>Customer number<input name=nr></label><label>PIN<input type=password name=pin></label><button>Open</button></form>")),
    Row("login", "unknown", 200, "<html lang=ko><head><title>로그인</title></head><body><h1>로그인이 필요한 서비스입니다</h1><form><input type=text placeholder='아이디'><input type=password><button>로그인</button></form></body></html>", f"{SHOP}/member/login"),
    # soft 404 in odd languages
    Row("soft404", "gone", 404, _page("Síða fannst ekki", "<h1>Síðan fannst ekki</h1><p>Síðan sem þú leitar að er ekki til.</p>")),
    Row("soft404", "gone", 404, _page("Leht puudub", "<h1>Lehte ei leitud</h1><p>Otsitud lehte ei ole olemas.</p>")),
    Row("soft404", "gone|unknown", 200, _page("Puslapis nerastas", "<h1>Puslapis nerastas</h1><p>Atsiprašome, tokio puslapio nėra.</p>")),
    Row("soft404", "gone", 404, _page("Stranica nije pronađena", "<h1>Stranica nije pronađena</h1><p>Tražena stranica ne postoji.</p>")),
    Row("soft404", "gone|unknown", 200, _page("ไม่พบหน้า", "<h1>ไม่พบหน้าที่คุณต้องการ</h1>")),
    Row("soft404", "gone", 410, _page("Gone", "<h1>410</h1><p>This product page has been permanently removed from our shop.</p>" + RELATED)),
    # out of stock: live
    Row("stock", "live", 200, _page(TITLE, f"<h1>{TITLE}</h1><p class=stock>Agotado temporalmente. Avísame cuando vuelva.</p>" + RELATED)),
    Row("stock", "live", 200, _page(TITLE, f"<h1>{TITLE}</h1><span class=price>129 Kč</span><p>Momentálně vyprodáno</p><button disabled>Do košíku</button>")),
    Row("stock", "live", 200, _page(TITLE, f"<h1>{TITLE}</h1><p>Loppu varastosta</p><p>Toimitusaika tuntematon</p>", _ld("OutOfStock"))),
    Row("stock", "live|unknown", 200, _page(TITLE, f"<h1>{TITLE}</h1><p>Hết hàng</p>")),
    Row("stock", "live", 200, _page(TITLE, f"<h1>{TITLE}</h1><p>Derzeit vergriffen – benachrichtigen Sie mich</p><form><input type=email></form>")),
    Row("stock", "live|unknown", 200, _page(TITLE, f"<h1>{TITLE}</h1><p>Elfogyott, értesítést kérek</p>")),
    # ended auctions and listings
    Row("ended", "gone", 200, _page(TITLE, f"<h1>{TITLE}</h1><div class=status>Aukcja zakończona</div><p>Zakończyła się 12 marca.</p>" + RELATED)),
    Row("ended", "gone|unknown", 200, _page(TITLE, f"<h1>{TITLE}</h1><div class=status>Auktionen er afsluttet</div>" + RELATED)),
    Row("ended", "gone", 200, _page("Oglas", "<h1>Ta oglas ni več na voljo</h1><p>Prodajalec ga je umaknil.</p>")),
    Row("ended", "live|unknown", 200, _page(TITLE, f"<h1>{TITLE}</h1><p>The first auction has ended.</p>" + BUY.format("Place bid"))),
    # led to another page
    Row("redirect", "unknown", 200, _page("Baby", "<h1>Baby</h1><ul><li><a href='/p/1'>Hazel cot</a> € 89</li><li><a href='/p/2'>Mobile</a> € 19</li></ul>"), f"{SHOP}/baby"),
    Row("redirect", "unknown", 200, _page("Boutique", "<h1>Welcome</h1><p>The product you were looking for moved or is sold out.</p>" + RELATED), f"{SHOP}/"),
    Row("redirect", "unknown", 200, _page("Suche", "<h1>0 Treffer für rocking sleeper</h1>" + RELATED), f"{SHOP}/suche?q=rocking+sleeper"),
    # data that contradicts the page
    Row("contradiction", "live|unknown", 200, _page(TITLE, f"<h1>{TITLE}</h1>" + BUY.format("In den Warenkorb"), _ld("Discontinued"))),
    Row("contradiction", "gone|unknown", 200, _page("Oops", "<h1>Ce produit n'existe plus</h1>" + RELATED, _ld("InStock"))),
    # the main product is gone, others on the page are in stock
    Row("related", "gone", 200, _page("Not available", "<h1>This product is no longer sold</h1><p>Have a look at these instead:</p>" + RELATED, _ld("InStock", "Hazel cot 60x120"))),
    Row("related", "gone", 404, _page("Não encontrado", "<h1>Este produto foi descontinuado</h1>" + RELATED)),
    Row("related", "live", 200, _page(TITLE, f"<h1>{TITLE}</h1>" + BUY.format("Aggiungi al carrello") + "<section class='related'><article>Culla 12: questo articolo è stato rimosso</article></section>")),
    # old encodings, named in a meta tag only
    Row("encoding", "gone", 404, "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'><title>Страница не найдена</title></head><body><h1>Страница не найдена</h1><p>Товар снят с продажи.</p></body></html>", type="text/html"),
    Row("encoding", "gone", 200, "<html><head><meta charset=euc-kr><title>판매 종료</title></head><body><h1>판매가 종료된 상품입니다</h1></body></html>", type="text/html"),
    Row("encoding", "live", 200, f"<html><head><meta charset=shift_jis><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>￥12,800</p><p>ただいま品切れ中です</p><button disabled>カートに入れる</button></body></html>", type="text/html"),
    # pages that only scripts draw
    Row("shell", "unknown", 200, "<!doctype html><html><head><title>Boutique</title><script type=module src='/assets/index-9aa.js'></script></head><body><app-root></app-root></body></html>"),
    Row("shell", "unknown", 404, "<!doctype html><html><head><title>404</title><script>window.__NUXT__={error:{statusCode:404,message:'Not found'}}</script></head><body><div id='__nuxt'><div class=spinner></div></div></body></html>"),
    # not sold here
    Row("geo", "restricted|unknown", 200, _page("Unavailable", f"<h1>{TITLE}</h1><p>This item cannot be shipped to your location. Choose another delivery address.</p>")),
    Row("geo", "restricted|unknown", 404, _page("Region", "<h1>Dieses Angebot ist in Ihrem Land nicht verfügbar</h1>")),
    # outages
    Row("outage", "unknown", 503, _page("Údržba", "<h1>Probíhá údržba</h1><p>Stránka nenalezena? Vraťte se za hodinu.</p>")),
    Row("outage", "unknown", 200, "<html><head><title>Nous revenons vite</title></head><body><h1>Boutique en maintenance</h1><p>Toutes nos pages sont momentanément indisponibles.</p></body></html>"),
    Row("outage", "unknown", 404, "<html><head><title>Application error</title></head><body><p>Application error: a server-side exception has occurred. Digest: 118734</p></body></html>"),
    # answers for programs
    Row("json", "gone|unknown", 404, '{"error":{"code":"PRODUCT_NOT_FOUND","message":"Product KJ-88213 was not found"}}', type="application/json"),
    Row("json", "unknown", 404, '{"error":"rate limit exceeded","retry_after":30}', type="application/json"),
    Row("json", "live|unknown", 200, '{"id":"KJ-88213","title":"Lullwood rocking sleeper KJ-882 grey","status":"active","price":129.0,"previous":{"status":"removed"}}', type="application/json"),
    Row("json", "gone|unknown", 200, '{"id":"KJ-88213","status":"removed","message":"This listing was removed by the seller"}', type="application/json"),
]  # fmt: skip


def answers() -> list[dict[str, Any]]:
    """The rows as `python -m enforcement.rules.verdict --pages` reads them."""
    return [
        {"id": f"fifth-{number}", "kind": row.kind, "want": row.want, "status": row.status, "url": URL, "final_url": row.to,
         "headers": {"content-type": row.type, **row.headers}, "html": row.html, "title": TITLE, "listing_id": ID}
        for number, row in enumerate(ROWS)
    ]  # fmt: skip
