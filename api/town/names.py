"""Given and family names, by where families once came from, in the mix of the districts. Nobody real is meant."""

from dataclasses import dataclass
from enum import StrEnum

from api.town.chance import Chance


class Origin(StrEnum):
    SWEDISH = "swedish"
    FINNISH = "finnish"
    TURKISH = "turkish"
    SYRIAC = "syriac"
    ARABIC = "arabic"
    KURDISH = "kurdish"
    SOMALI = "somali"
    ERITREAN = "eritrean"
    BALKAN = "balkan"
    LATIN = "latin"


NORTHERN_MIX = {
    Origin.SWEDISH: 34,
    Origin.FINNISH: 9,
    Origin.TURKISH: 14,
    Origin.SYRIAC: 13,
    Origin.ARABIC: 10,
    Origin.KURDISH: 6,
    Origin.SOMALI: 4,
    Origin.ERITREAN: 3,
    Origin.BALKAN: 4,
    Origin.LATIN: 3,
}
SOUTHERN_MIX = {
    Origin.SWEDISH: 76,
    Origin.FINNISH: 10,
    Origin.SYRIAC: 3,
    Origin.ARABIC: 3,
    Origin.BALKAN: 3,
    Origin.TURKISH: 2,
    Origin.LATIN: 2,
    Origin.ERITREAN: 1,
}

LANGUAGES: dict[Origin, str] = {
    Origin.FINNISH: "fi",
    Origin.TURKISH: "tr",
    Origin.SYRIAC: "syr",
    Origin.ARABIC: "ar",
    Origin.KURDISH: "kmr",
    Origin.SOMALI: "so",
    Origin.ERITREAN: "ti",
    Origin.BALKAN: "bs",
    Origin.LATIN: "es",
}
"""The language of the family besides Swedish (ISO 639)."""


@dataclass(frozen=True, slots=True)
class Names:
    """Women's, older and younger, then men's, older and younger, then family names."""

    women_old: str
    women_young: str
    men_old: str
    men_young: str
    families: str

    def given(self, chance: Chance, *, woman: bool, old: bool) -> str:
        if woman:
            return chance.pick((self.women_old if old else self.women_young).split())
        return chance.pick((self.men_old if old else self.men_young).split())


NAMES: dict[Origin, Names] = {
    Origin.SWEDISH: Names(
        "Gunvor Ingegerd Maj-Britt Ulla Birgitta Margareta Kerstin Siv Barbro Solveig Aina Rut Gun Anita Vivianne Sonja",
        "Emelie Sofie Hanna Josefin Malin Ida Frida Therese Linnea Annika Petra Lovisa Ebba Cecilia",
        "Lennart Sven-Erik Bertil Åke Börje Gösta Rune Kjell Stig Ingvar Arne Göran Holger Bengt Evert",
        "Jonas Mattias Oskar Fredrik Viktor Anton Rasmus Daniel Tobias Johan",
        "Almkvistner Björkhagen Dalsjöborg Ekmarker Forsvinge Granelius Havsbrodin Ljungvalla Mossebeck Norrsång "
        "Rönnstig Sjövinkel Tallhage Ulvsparven Väderberg Åkervinge Ängsbrodd Österklinta Hedlyckan Kvarnros",
    ),
    Origin.FINNISH: Names(
        "Aino Helmi Kaarina Liisa Marjatta Orvokki Raija Sirkka Tuulikki Anneli",
        "Sanna Jaana Minna Päivi Tiina Elina",
        "Eino Kalevi Onni Pentti Reino Tauno Veikko Olavi",
        "Mika Jari Petri Sami Timo Antti",
        "Kuusilampi Lehtokoski Mustaranta Niemisaari Pihlavuori Rantasuo Suvijärvi Talvioja Honkaportti",
    ),
    Origin.TURKISH: Names(
        "Fatma Hatice Emine Zeliha Hanife Meryem Sultan",
        "Aylin Derya Elif Merve Sibel Yasemin Gülay",
        "Hasan Hüseyin Mustafa Osman Ramazan Halil",
        "Emre Kemal Murat Serkan Yusuf Cem",
        "Akpınarcı Bulutçu Çamlıdere Demirtepe Gülbahçe Kuludağlı Yıldıztaş",
    ),
    Origin.SYRIAC: Names(
        "Shamiran Nazira Marta Hana Sara Maryam Warde",
        "Ninwe Nahrin Shmuni Sabrina Ramina Mariana",
        "Gabriel Hanna Isa Malke Yakub Gevriye",
        "Ashur Sargon Simon Elias Robel Ninos",
        "Barqasho Betshamoun Ishobar Kanoabe Maralqosh Safarshlemo Turabdinsson",
    ),
    Origin.ARABIC: Names(
        "Amina Khadija Samira Nawal Salma Widad Fawzia",
        "Rana Hiba Noor Dalia Zahra Lina",
        "Abbas Khalil Mahmoud Salim Tariq Hamid",
        "Bilal Karim Omar Rami Ziad Yassin",
        "Alzaytun Bahraddin Darnajm Halwanji Nahrawi Sabbarani Tallawadi",
    ),
    Origin.KURDISH: Names(
        "Gulê Zînê Perîxan Xezal Besê",
        "Berfîn Rojda Şîlan Evîn Nalîn",
        "Cemîl Hesen Mihemed Reşîd Silêman",
        "Azad Baran Rojhat Şiyar Diyar",
        "Çiyager Deştanî Gulistanî Rûbarî Serhedan",
    ),
    Origin.SOMALI: Names(
        "Caasha Faadumo Maryan Sahra Halimo",
        "Hodan Ifrah Nimco Ubah Ayaan",
        "Cabdi Faarax Jaamac Maxamed Xasan",
        "Bashir Liban Warsame Yoonis Guled",
        "Ceelgaras Dhoobale Geedawle Hilaaliye Webishe",
    ),
    Origin.ERITREAN: Names(
        "Abeba Letebrhan Mebrat Zewdi Tsehaitu",
        "Feven Helen Luwam Rahwa Semhar",
        "Gebre Haile Tesfay Woldu Kidane",
        "Abel Filmon Merhawi Robel Yonas",
        "Adiselam Berhanmeskel Dekemharay Kerenab Tselimo",
    ),
    Origin.BALKAN: Names(
        "Fatima Ljubica Mileva Senija Zorica",
        "Amra Jasmina Mirela Sanja Tijana",
        "Branko Dragan Enver Milan Safet",
        "Adnan Damir Goran Haris Zlatan",
        "Brezovgradić Javorinović Lipadžić Planinčević Zelenkovski",
    ),
    Origin.LATIN: Names(
        "Carmen Graciela Mercedes Rosario Teresa",
        "Camila Daniela Paola Valentina Ximena",
        "Eduardo Hernán Orlando Ramiro Sergio",
        "Andrés Diego Felipe Mauricio Rodrigo",
        "Altaluna Campodulce Montesauce Riovientos Valdecielo",
    ),
}


def family_name(chance: Chance, origin: Origin) -> str:
    return chance.pick(NAMES[origin].families.split())
