"""Sentences of shops in 26 languages, made up after the lexicon was, each on the pages where shops put them."""

from collections import defaultdict

from enforcement.rules.verdict import Answer, judge

TITLE, ID, URL = "Frostholm ice shaver ISH-77", "AA-55102", "https://bazaar.example/goods/AA-55102"
OTHERS = "<a href='/'>Continue shopping</a><aside><h3>Better Toaster 9</h3><button>Add to cart</button></aside>"
ENDED = """
This listing is no longer active|The item you are looking at has been taken off sale|This ad has been deactivated|This product has been recalled and is no longer sold here|Auction closed|Offer ended on 3 May|This item was withdrawn from sale|The seller removed this item|This listing was taken down for violating our policies|This item has been sold
Angebot beendet am 3. Mai|Dieser Artikel wurde vom Verkäufer entfernt.|Diese Anzeige ist nicht mehr verfügbar.|Der Verkäufer hat dieses Angebot vorzeitig beendet|Das Produkt wurde aus dem Verkauf genommen|Dieses Inserat ist nicht mehr aktiv|Artikel nicht mehr lieferbar
Cette vente est terminée|Le vendeur a mis fin à cette annonce.|Annonce désactivée|Ce produit a été retiré de la vente pour des raisons de sécurité|L'objet n'est plus disponible|Enchère terminée
Esta subasta ha terminado|El anuncio ya no está disponible|Este artículo fue retirado de la venta|Publicación pausada|Publicación finalizada|Anuncio caducado
Inserzione terminata|Questo oggetto non è più disponibile|Il venditore ha chiuso questa inserzione|Asta conclusa|Prodotto ritirato dal mercato
Anúncio finalizado|Este produto foi retirado de venda|Este anúncio não está mais disponível|O vendedor encerrou este anúncio
Deze veiling is afgelopen|De advertentie is niet meer beschikbaar|De verkoper heeft deze aanbieding beëindigd
Ta oferta jest już nieaktualna|Sprzedający zakończył ofertę|Produkt wycofany ze sprzedaży|Ogłoszenie wygasło
Объявление снято с публикации|Продавец завершил продажу|Лот закрыт|Товар больше не продаётся|Товар удалён
この商品は現在販売されておりません。出品は取り消されました|出品者により削除されました|オークションは終了しました|掲載終了|この商品の販売は終了いたしました
该宝贝已下架|商品已失效|卖家已下架该商品|本商品已停止销售|拍卖已结束|此商品已結束販售|該商品已被移除|已下架
판매 종료|삭제된 게시글입니다|판매가 중단된 상품입니다|경매가 종료되었습니다
İlan yayından kaldırılmıştır|Bu ürün satıştan kaldırıldı|Açık artırma sona erdi
انتهى هذا المزاد|هذا الإعلان لم يعد متاحا|تمت إزالة هذا المنتج
Annonsen är inte längre tillgänglig|Auktionen er afsluttet|Annonsen er ikke lenger aktiv|Huutokauppa on päättynyt|Ilmoitus ei ole enää voimassa|Aukce skončila|Nabídka již není dostupná|A licit véget ért|A hirdetés lejárt|Licitația s-a încheiat|Anunțul nu mai este activ|Η δημοπρασία έληξε|Η αγγελία δεν είναι πλέον διαθέσιμη|Аукціон завершено|Phiên đấu giá đã kết thúc|Sản phẩm không còn tồn tại|ประกาศหมดอายุแล้ว|Lelang telah berakhir|Iklan ini telah ditutup|Listing ended by the seller|Verkoop beëindigd|Vente clôturée|Sprzedaż zakończona|Venda encerrada|Verkauf beendet
"""
OUT = """
Out of stock|Sold out|Currently out of stock|This item is temporarily unavailable|Unavailable|Back in stock soon|Not available right now|Out of stock online|Currently sold out. Get notified when it returns.|More on the way|On backorder
Nicht auf Lager|Leider ausverkauft|Aktuell nicht verfügbar|Derzeit leider nicht auf Lager|Vorübergehend nicht verfügbar|Wieder verfügbar ab Juni|Nicht vorrätig|Dieser Artikel ist derzeit nicht verfügbar.
En rupture de stock|Produit momentanément indisponible|Victime de son succès|Bientôt de retour en stock|Stock épuisé|Indisponible pour le moment|Pas en stock
Producto agotado|Fuera de stock|No hay existencias|Temporalmente agotado|No disponible por el momento|Próximamente de nuevo en stock
Prodotto esaurito|Temporaneamente non disponibile|Attualmente non disponibile|Non in magazzino|Torna presto disponibile
Fora de estoque|Temporariamente indisponível|Produto esgotado|Sem estoque
Niet op voorraad|Momenteel niet leverbaar|Tijdelijk uitverkocht
Produkt niedostępny|Obecnie brak w magazynie|Towar chwilowo wyprzedany
Нет на складе|Товар закончился|Временно нет в наличии|Скоро в продаже
在庫切れ|現在在庫がありません|品切れ|次回入荷未定|入荷待ち|一時的に在庫切れ
暂时无货|库存不足|已售完|目前缺货|暫時缺貨|商品缺货，到货通知我|无货
품절된 상품입니다|현재 구매할 수 없는 상품입니다|재고 없음
Geçici olarak temin edilemiyor|Stokta bulunmuyor|Şu anda mevcut değil|Bu ürün tükenmiştir
نفذت الكمية|غير متوفر في المخزون|سيتوفر قريبا
Tillfälligt slut i lager|Slutsåld|Midlertidigt udsolgt|Ikke på lager|Midlertidig tomt|Tilapäisesti loppu|Varasto loppu|Dočasně vyprodáno|Není skladem|Jelenleg nincs raktáron|Átmenetileg elfogyott|Stoc epuizat temporar|Momentan nu este în stoc|Προσωρινά εξαντλημένο|Μη διαθέσιμο|Тимчасово немає в наявності|Tạm thời hết hàng|Hiện đang hết hàng|สินค้าหมดชั่วคราว|Stok kosong|Stok sedang habis
"""
NOT_FOUND = """
Oops! That page can't be found.|Error 404|Sorry, this page isn't available.|We looked everywhere but this page is missing|Product not found|Nothing to see here|The link you followed may be broken, or the page may have been removed.|The item you requested could not be found|Item does not exist|Whoops, our bad. The page you requested was not found|No results: this product does not exist|Hmm, we can't seem to find the page you're looking for
Die gesuchte Seite wurde nicht gefunden|Artikel existiert nicht|Ups, diese Seite gibt es nicht mehr|Fehler 404|Die angeforderte Seite konnte leider nicht gefunden werden
La page demandée n'existe pas|Produit non trouvé|Oups ! Page non trouvée|Cette page est introuvable
La página que buscas no existe|Producto no encontrado|¡Ups! No encontramos esta página
La pagina che cerchi non esiste|Ops! Pagina inesistente|Prodotto non trovato
A página que você procura não existe|Produto não encontrado
De pagina bestaat niet|Deze pagina is niet gevonden|Oeps, pagina onvindbaar
Strona nie istnieje|Nie ma takiej strony|Ups! Nie możemy znaleźć tej strony
Такой страницы нет|Запрашиваемая страница не найдена|Товар не найден|Ошибка 404
ページが存在しません|お探しの商品が見つかりません|404エラー
页面找不到了|抱歉，您访问的页面不存在|此頁面不存在|您要找的商品不存在
요청하신 페이지를 찾을 수 없습니다|상품이 존재하지 않습니다
Sayfa mevcut değil|Ürün bulunamadı|Aradığınız ürün bulunamamaktadır
عذرا، الصفحة غير موجودة|لم يتم العثور على الصفحة
Sidan finns inte|Siden findes ikke|Siden finnes ikke|Sivua ei ole olemassa|Stránka neexistuje|A keresett oldal nem létezik|Pagina nu există|Η σελίδα δεν υπάρχει|Такої сторінки не існує|Trang không tồn tại|ไม่พบหน้านี้|Halaman tidak ada
"""
RESTRICTED = """
This item isn't available in your region|Not available for purchase in your location|This item does not ship to your country|Sorry, this product is not sold in your country.|Currently not available in your area|Not available in Germany|Dieser Artikel ist in deiner Region nicht verfügbar|Dieses Produkt wird in Ihrem Land nicht angeboten|Kein Versand in Ihr Land|Ce produit n'est pas vendu dans votre pays|Non disponible dans votre région|No disponible en tu país|Este artículo no se vende en tu región|Non disponibile nel tuo Paese|Indisponível no seu país|Niet beschikbaar in jouw regio|Produkt niedostępny w Twoim regionie|Недоступно в вашей стране|该商品在您的国家/地区不可用|此商品無法在您的地區購買|お客様の国では購入できません|お住まいの国・地域では販売しておりません|귀하의 국가에서는 판매되지 않습니다|Bu ürün ülkenizde satılmamaktadır|هذا المنتج غير متاح في منطقتك|Ej tillgänglig i ditt land|Ikke tilgængelig i dit land|Ei saatavilla maassasi|Není k dispozici ve vaší zemi|Nem elérhető az Ön országában|Nu este disponibil în țara ta|Δεν είναι διαθέσιμο στη χώρα σας|Sản phẩm không có sẵn tại quốc gia của bạn|ไม่มีจำหน่ายในประเทศของคุณ|Tidak tersedia di negara Anda
"""
WALLS = """
Please verify you are a human|Let's confirm you are human|Complete the security check to access this site|Please complete the captcha to continue|You have been rate limited|Our systems have detected unusual traffic from your computer network|Type the characters you see in this image|Sorry, you're not allowed to access this page|Access to this page has been blocked|DDoS protection by Bazaar|Please wait while we check your browser|Please stand by, while we are checking your browser|This request was blocked by our security service|Are you a person or a robot?|Slide to verify|Human verification required|Bitte bestätigen Sie, dass Sie ein Mensch sind|Zugriff verweigert|Vous avez été bloqué|Prouvez que vous n'êtes pas un robot|Accès refusé|Confirma que no eres un robot|Acceso denegado|Verifica di non essere un robot|Confirme que você não é um robô|Bevestig dat je geen robot bent|Potwierdź, że nie jesteś robotem|Подтвердите, что запросы отправляли вы, а не робот|Доступ ограничен|请完成安全验证|访问被拒绝|请输入验证码|ロボットではないことを確認します|アクセスが拒否されました|로봇이 아닙니다|접근이 차단되었습니다|Robot olmadığınızı doğrulayın|تحقق من أنك لست روبوتا|Bekräfta att du inte är en robot|Bekræft, at du ikke er en robot|Vahvista, ettet ole robotti|Potvrďte, že nejste robot|Igazolja, hogy nem robot|Confirmă că nu ești robot|Επιβεβαιώστε ότι δεν είστε ρομπότ|Xác minh bạn không phải là robot|ยืนยันว่าคุณไม่ใช่หุ่นยนต์|Verifikasi bahwa Anda bukan robot
"""
OUTAGES = """
We'll be back soon|Site under maintenance|Our site is currently unavailable|Something broke on our side|Oops, an error has occurred|500 Internal Server Error|503 Service Unavailable|504 Gateway Time-out|Wir führen gerade Wartungsarbeiten durch|Es ist ein Fehler aufgetreten|Site en maintenance|Une erreur inattendue s'est produite|En mantenimiento|Ha ocurrido un error|Sito in manutenzione|Si è verificato un errore|Em manutenção|Ocorreu um erro inesperado|Er is iets misgegaan|Przerwa techniczna|Сайт на обслуживании|Что-то пошло не так|网站维护中|服务器错误|メンテナンス中|エラーが発生しました|서비스 점검 중입니다|Bakım çalışması|429 Too Many Requests|401 Unauthorized|Gateway timeout|Bad request
"""


def sentences(lines: str) -> list[str]:
    return [sentence for line in lines.strip().splitlines() for sentence in line.split("|")]


def page(body: str, title: str = "Bazaar") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def product(body: str) -> str:
    return page(f"<nav><a href='/cart'>Cart (0)</a></nav><main><h1>{TITLE}</h1>{body}</main>", f"{TITLE} | Bazaar")


KINDS = {
    # kind: sentences, the page around one, statuses, what may be said
    "ended, with its title": (ENDED, lambda said: product(f"<div class=status>{said}</div>"), (200,), "gone"),
    "ended, as a message": (ENDED, lambda said: page(f"<p>{said}</p>{OTHERS}"), (200,), "gone"),
    "out of stock": (OUT, lambda said: product(f"<p>{said}</p>"), (200,), "live"),
    "out of stock, as a message": (OUT, lambda said: page(f"<h1>{said}</h1>{OTHERS}"), (200, 404), "unknown|live"),
    "not found": (NOT_FOUND, lambda said: page(f"<h1>{said}</h1>", said), (200, 404, 410), "gone"),
    "restricted": (RESTRICTED, lambda said: product(f"<p>{said}</p>"), (200,), "restricted"),
    "wall": (WALLS, lambda said: page(f"<p>{said}</p>", said), (200, 404, 410), "unknown"),
    "out of order": (OUTAGES, lambda said: page(f"<p>{said}</p>", said), (200, 404, 410), "unknown"),
}


def test_sentences_that_were_not_in_mind_are_read_and_none_is_a_false_proof() -> None:
    shares, false_proofs = {}, []
    for kind, (lines, made, statuses, want) in KINDS.items():
        right: dict[bool, int] = defaultdict(int)
        for said in sentences(lines):
            for status in statuses:
                found = judge(Answer(status, URL, URL, {}, made(said)), listing_id=ID, title=TITLE).verdict
                right[found in want.split("|")] += 1
                if found == "gone" and want != "gone":
                    false_proofs.append((kind, status, said))
        shares[kind] = right[True] / sum(right.values())
    assert false_proofs == []
    assert sum(shares.values()) / len(shares) >= 0.97, shares
    assert min(shares.values()) >= 0.95, shares
