"""The cities and streets that callers may name. Put your own here, or give `Phrases` a query of yours."""

CITIES = """
Abilene, Akron, Albany, Albuquerque, Alexandria, Allentown, Amarillo, Anaheim, Anchorage, Ann Arbor,
Antioch, Arlington, Arvada, Athens, Atlanta, Augusta, Aurora, Austin, Bakersfield, Baltimore, Baton Rouge,
Beaumont, Bellevue, Bend, Berkeley, Billings, Birmingham, Bloomington, Boise, Boston, Boulder, Bridgeport,
Brockton, Broken Arrow, Brownsville, Buffalo, Burbank, Cambridge, Cape Coral, Carlsbad, Carrollton, Cary,
Cedar Rapids, Centennial, Chandler, Charleston, Charlotte, Chattanooga, Chesapeake, Chicago, Chula Vista,
Cincinnati, Clarksville, Clearwater, Cleveland, Clovis, Colorado Springs, Columbia, Columbus, Concord,
Coral Springs, Corona, Corpus Christi, Costa Mesa, Dallas, Daly City, Davenport, Dayton, Denton, Denver,
Des Moines, Detroit, Downey, Durham, Edinburg, El Cajon, El Monte, El Paso, Elgin, Elizabeth, Elk Grove,
Escondido, Eugene, Evansville, Everett, Fairfield, Fargo, Fayetteville, Flint, Fontana, Fort Collins,
Fort Lauderdale, Fort Wayne, Fort Worth, Fremont, Fresno, Frisco, Fullerton, Gainesville, Garden Grove,
Garland, Gilbert, Glendale, Grand Prairie, Grand Rapids, Greeley, Green Bay, Greensboro, Gresham, Hampton,
Hartford, Hayward, Henderson, Hialeah, High Point, Hillsboro, Hollywood, Honolulu, Houston, Huntington Beach,
Huntsville, Independence, Indianapolis, Inglewood, Irvine, Irving, Jackson, Jacksonville, Jersey City, Joliet,
Kansas City, Kent, Killeen, Knoxville, Lafayette, Lakeland, Lakewood, Lancaster, Lansing, Laredo, Las Cruces,
Las Vegas, League City, Lewisville, Lexington, Lincoln, Little Rock, Long Beach, Los Angeles, Louisville,
Lowell, Lubbock, Macon, Madison, Manchester, McAllen, McKinney, Memphis, Meridian, Mesa, Mesquite, Miami,
Midland, Milwaukee, Minneapolis, Miramar, Mobile, Modesto, Montgomery, Moreno Valley, Murfreesboro, Murrieta,
Naperville, Nashville, New Haven, New Orleans, New York, Newark, Newport News, Norfolk, Norman,
North Charleston, North Las Vegas, Norwalk, Oakland, Oceanside, Odessa, Oklahoma City, Olathe, Omaha, Ontario,
Orange, Orlando, Overland Park, Oxnard, Palm Bay, Palmdale, Pasadena, Paterson, Pearland, Pembroke Pines,
Peoria, Philadelphia, Phoenix, Pittsburgh, Plano, Pomona, Pompano Beach, Port St. Lucie, Portland, Providence,
Provo, Pueblo, Raleigh, Rancho Cucamonga, Reno, Renton, Rialto, Richardson, Richmond, Riverside, Roanoke,
Rochester, Rockford, Roseville, Round Rock, Sacramento, Salem, Salinas, Salt Lake City, San Angelo,
San Antonio, San Bernardino, San Diego, San Francisco, San Jose, San Mateo, Sandy Springs, Santa Ana,
Santa Clara, Santa Clarita, Santa Maria, Santa Rosa, Savannah, Scottsdale, Seattle, Shreveport, Simi Valley,
Sioux Falls, South Bend, Spokane, Springdale, Springfield, St. Louis, St. Paul, St. Petersburg, Stamford,
Sterling Heights, Stockton, Sugar Land, Sunnyvale, Surprise, Syracuse, Tacoma, Tallahassee, Tampa, Temecula,
Tempe, Thornton, Thousand Oaks, Toledo, Topeka, Torrance, Tucson, Tulsa, Tuscaloosa, Tyler, Vacaville,
Vallejo, Vancouver, Ventura, Victorville, Virginia Beach, Visalia, Waco, Warren, Washington, Waterbury,
West Covina, West Jordan, West Palm Beach, Westminster, Wichita, Wichita Falls, Wilmington, Winston-Salem,
Worcester, Yonkers
""".replace("\n", " ").strip().split(", ")

STREETS = """
Adams Street, Ash Street, Birch Street, Bridge Street, Broad Street, Broadway, Cedar Street, Center Street,
Cherry Street, Chestnut Street, Church Street, College Avenue, Court Street, Dogwood Lane, Elm Street,
First Street, Forest Avenue, Franklin Street, Front Street, Grand Avenue, Green Street, Grove Street,
Harrison Street, Hickory Lane, High Street, Highland Avenue, Hill Street, Jackson Street, Jefferson Street,
Lake Street, Laurel Street, Lee Street, Liberty Street, Lincoln Street, Locust Street, Madison Street,
Magnolia Street, Main Street, Maple Street, Market Street, Meadow Lane, Mill Street, Monroe Street,
Mulberry Street, North Street, Oak Street, Park Avenue, Pearl Street, Pine Street, Pleasant Street,
Poplar Street, Prospect Street, Railroad Avenue, Ridge Road, River Road, School Street, Second Street,
South Street, Spring Street, Spruce Street, State Street, Summit Avenue, Sunset Drive, Sycamore Street,
Third Street, Union Street, Valley Road, Vine Street, Walnut Street, Washington Street, Water Street,
West Street, Willow Street, Wilson Avenue
""".replace("\n", " ").strip().split(", ")
