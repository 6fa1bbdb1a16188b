"""Un navigateur WebKitGTK d'une fenêtre, avec un vrai profil.

Celui qu'apporte WebKitGTK oublie tout dès qu'on le pilote : on n'y verrait pas revenir un carnet. WebKitWebDriver
lance celui-ci avec le Python de Debian (python3-gi) : fenetre_webkit.py PROFIL CERTIFICAT LARGEUR HAUTEUR NUIT
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gio, Gtk, WebKit2  # noqa: E402 -- les versions se choisissent avant


def ouvrir_contexte(profil: Path, certificat: str) -> WebKit2.WebContext:
    donnees = WebKit2.WebsiteDataManager(
        base_data_directory=str(profil / "donnees"), base_cache_directory=str(profil / "cache")
    )
    contexte = WebKit2.WebContext.new_with_website_data_manager(donnees)
    contexte.get_cookie_manager().set_persistent_storage(
        str(profil / "cookies.sqlite"), WebKit2.CookiePersistentStorage.SQLITE
    )
    # L'exception d'une personne qui a accepté ce certificat ; tout autre reste refusé.
    contexte.allow_tls_certificate_for_host(Gio.TlsCertificate.new_from_file(certificat), "localhost")
    contexte.set_preferred_languages(["fr-FR", "fr"])
    contexte.set_automation_allowed(True)
    return contexte


def main(profil: str, certificat: str, largeur: str, hauteur: str, nuit: str) -> None:
    Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", nuit == "1")
    fenetre = Gtk.Window()
    fenetre.set_default_size(int(largeur), int(hauteur))
    contexte = ouvrir_contexte(Path(profil), certificat)

    def creer_la_vue(_session: WebKit2.AutomationSession) -> WebKit2.WebView:
        vue = WebKit2.WebView(web_context=contexte, is_controlled_by_automation=True)
        vue.get_settings().set_enable_write_console_messages_to_stdout(True)
        fenetre.add(vue)
        fenetre.show_all()
        return vue

    def commencer(_contexte: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
        presentation = WebKit2.ApplicationInfo()
        presentation.set_name("WebKitGTK")
        presentation.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
        session.set_application_info(presentation)
        session.connect("create-web-view", creer_la_vue)

    contexte.connect("automation-started", commencer)
    Gtk.main()


main(*sys.argv[1:6])
