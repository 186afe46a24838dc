"""Derives service-centers.csv, the invented network of 250 service centers, one at each of 250 real airports.

Usage: python3 derive_service_centers.py SOURCE.csv > service-centers.csv

SOURCE.csv has the columns id, name, country, subdivision_name, city, lat, lon, tz (nearest_airport_iata is not used). Its
positions are those of OurAirports (public domain). No company keeps stock there: every name ends in "(sample)".
"""

import csv
import sys

OPENED = "2015-03-16"  # the first day of Gold Plus (P5.5)
OPENINGS = {"SC-CBR": "2027-03-01", "SC-TUS": "2027-06-14"}  # so that sites change to Gold Plus one day (P5.4)
WITHOUT_COURIER = {"SC-ANC"}  # so that a dispatch without anybody to carry it can be seen

# The source's subdivision is wrong or missing for these.
SUBDIVISION_OF_CENTER = {"SC-TIJ": "BCN", "SC-KUL": "14", "SC-PEN": "07"}

# ISO 3166-2 suffixes by country and the source's spelling; others stay empty, so the country's calendar holds.
SUBDIVISIONS = {
    "AE": {"Abu Dhabi": "AZ", "Dubai": "DU"},
    "AT": {"Lower-Austria": "3"},
    "AU": {"ACT": "ACT", "New South Wales": "NSW", "Queensland": "QLD", "South Australia": "SA", "Victoria": "VIC", "Western Australia": "WA"},
    "BR": {"Federal-District": "DF", "Minas Gerais": "MG", "Paraná": "PR", "Pernambuco": "PE", "Rio Grande do Sul": "RS",
           "Rio de Janeiro": "RJ", "São Paulo": "SP"},
    "CA": {"Alberta": "AB", "British Columbia": "BC", "Manitoba": "MB", "Nova Scotia": "NS", "Ontario": "ON", "Quebec": "QC"},
    "CH": {"Geneva": "GE", "Zurich": "ZH"},
    "CN": {"Beijing": "BJ", "Guangdong": "GD", "Hubei": "HB", "Shaanxi": "SN", "Shanghai": "SH", "Sichuan": "SC", "Zhejiang": "ZJ"},
    "DE": {"Baden-Württemberg": "BW", "Bayern": "BY", "Brandenburg": "BB", "Hamburg": "HH", "Hesse": "HE", "Niedersachsen": "NI",
           "Nordrhein-Westfalen": "NW", "Saxony": "SN"},
    "ES": {"Andalucía": "AN", "Cataluña": "CT", "Comunidad Valenciana": "VC", "Comunidad de Madrid": "MD", "País Vasco": "PV"},
    "GB": {"England": "ENG", "Northern Ireland": "NIR", "Scotland": "SCT"},
    "IN": {"Delhi": "DL", "Gujarat": "GJ", "Karnataka": "KA", "Maharashtra": "MH", "Tamil Nadu": "TN", "Telangana": "TS", "West Bengal": "WB"},
    "JP": {"Aichi": "23", "Chiba": "12", "Fukuoka": "40", "Hiroshima": "34", "Hokkaido": "01", "Miyagi": "04", "Osaka": "27", "Tokyo": "13"},
    "MX": {"Jalisco": "JAL", "Mexico City": "CMX", "Nuevo Leon": "NLE", "Queretaro": "QUE"},
    "MY": {"Johor": "01"},
    "NZ": {"Auckland": "AUK", "Canterbury": "CAN", "Wellington": "WGN"},
    "US": {"Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO", "Connecticut": "CT",
           "District of Columbia": "DC", "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL",
           "Indiana": "IN", "Iowa": "IA", "Kentucky": "KY", "Louisiana": "LA", "Maryland": "MD", "Massachusetts": "MA",
           "Michigan": "MI", "Minnesota": "MN", "Missouri": "MO", "Nebraska": "NE", "Nevada": "NV", "New Jersey": "NJ",
           "New Mexico": "NM", "New York": "NY", "North Carolina": "NC", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR",
           "Pennsylvania": "PA", "Tennessee": "TN", "Texas": "TX", "Utah": "UT", "Virginia": "VA", "Washington": "WA",
           "Wisconsin": "WI"},
    "ZA": {"Gauteng": "GP", "KwaZulu-Natal": "KZN", "Western Cape": "WC"},
}

MIDDLE_EAST = set("AE BH CY IL JO KW OM QA SA".split())
LATIN_AMERICA = set("AR BR CL CO CR DO EC GT MX PA PE UY".split())
COURIERS_OF_COUNTRY = {"US": "CR-NORTH", "CA": "CR-NORTH", "PR": "CR-NORTH", "ES": "CR-IBERIA|CR-EMEA", "PT": "CR-IBERIA", "JP": "CR-JAPAN"}
COURIERS_OF_CENTER = {"SC-MIA": "CR-NORTH|CR-LATAM"}
COLUMNS = ["code", "name", "address_1", "address_2", "city", "country", "subdivision", "postal_code", "latitude", "longitude", "zone",
           "opens_on", "closes_on", "couriers"]


def couriers(code, country, zone):
    if code in WITHOUT_COURIER:
        return ""
    if code in COURIERS_OF_CENTER:
        return COURIERS_OF_CENTER[code]
    if country in LATIN_AMERICA:
        return "CR-LATAM"
    asian = zone.split("/")[0] in ("Asia", "Australia", "Pacific") and country not in MIDDLE_EAST
    return COURIERS_OF_COUNTRY.get(country, "CR-APJ" if asian else "CR-EMEA")


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    with open(sys.argv[1], encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            code, country, zone = row["id"], row["country"], row["tz"]
            subdivision = SUBDIVISION_OF_CENTER.get(code) or SUBDIVISIONS.get(country, {}).get(row["subdivision_name"], "")
            if country in SUBDIVISIONS and not subdivision:
                sys.exit(f"{code}: no suffix for {row['subdivision_name']!r}")
            name = row["name"].replace("service centre", "service center")
            out.writerow([code, name, "", "", row["city"], country, subdivision, "", row["lat"], row["lon"], zone,
                          OPENINGS.get(code, OPENED), "", couriers(code, country, zone)])


main()
