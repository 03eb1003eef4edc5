# ruff: noqa: E501  # one row of data a line, long lists of names included
"""Figures that the report on the industrial economy of counties prints in sentences.

A line each: what, of whom, value as printed, unit, names that the sentence gives (perhaps as examples), line.
"""

from __future__ import annotations

KEYS = ("item", "of", "value", "measured_in", "names", "line")
SERIES_KEYS = ("item", "year", "value", "measured_in", "line")


def rows(text: str, keys: tuple[str, ...]) -> list[dict[str, object]]:
    return [dict(zip(keys, line.split("|"), strict=True)) for line in text.strip().splitlines()]


SERIES = rows(
    """
counties|1999|2109|个|155
counties|2002|2030|个|155
counties|2013|1981|个|157
counties|2016|1897|个|157
counties, about|2021|1860|个|157
GDP of counties|2012|27.8|万亿元|168
GDP of counties|2021|43.4|万亿元|168
share of counties in GDP|2012|51.6|%|168
share of counties in GDP|2021|38.0|%|168
secondary industry of counties|2012|14.3|万亿元|170
secondary industry of counties|2021|18.1|万亿元|170
share of counties in secondary industry|2012|60.7|%|170
share of counties in secondary industry|2021|40.0|%|170
savings in counties|2012|14.8|万亿元|206
savings in counties|2021|38.2|万亿元|206
ratio of urban and rural income|2012|2.88||206
ratio of urban and rural income|2021|2.50||206
share of towns and villages in retail sales|2012|34|%|206
share of towns and villages in retail sales|2021|38|%|206
""",
    SERIES_KEYS,
)
COUNTY = rows(
    """
counties and county-level cities|全国|1866|个||151
share of the national area, about|县（市）|90|%||151
share of county-level units|县（市）|65|%||151
resident population, end of 2021|县（市）|7.6|亿||151
share of the national population|县（市）|53.8|%||151
resident urban population|县（市）|2.5|亿||151
share of the national urban population, nearly|县（市）|30|%||151
county-level units, 2022|全国|2843|个||25
counties abolished, 2000-2002|江苏|8|个||155
counties abolished, 2000-2002|浙江|6|个||155
provinces with counties turned into districts, 2014-2016|全国|25|个||155
counties abolished, 2014-2016|河北|14|个||155
counties abolished, 2014-2016|重庆|7|个||155
districts abolished, 2019|伊春市|15|个||157
counties founded, 2019|伊春市|4|个||157
districts founded, 2019|伊春市|4|个||157
counties fewer in the period|县（市）|128|个||170
clusters of small and medium enterprises, two batches|全国|200|家||181
clusters of small and medium enterprises|县（市）|81|家||181
share of the clusters|县（市）|40.5|%||181
clusters of special industries, four batches|全国|180|个||181
counties covered by the first three batches|全国|1024|个||181
special clusters of counties|河北省|333|个||181
special clusters of counties in foreign trade|湖南省|29|个||181
innovative counties, first batch|全国|52|个||196
innovative counties, second batch|全国|92|个||196
years with double-digit growth of savings|县（市）|8|年||206
income per head of rural residents, 2021|全国|18931|元||206
growth of rural income since 2012|全国|125.7|%||206
faster growth of rural than urban income|全国|1.7|百分点||206
retail sales, towns, 2021|镇区|10.8|万亿元||206
retail sales, villages, 2021|乡村|5.9|万亿元||206
growth of retail sales, towns|镇区|10.4|%||206
growth of retail sales, villages|乡村|9.8|%||206
county-level cities among the hundred|工业百强县（市）|74|个||462
counties among the hundred|工业百强县（市）|23|个||462
banners among the hundred|工业百强县（市）|3|个||462
GDP|工业百强县（市）|11.4|万亿元||462
general public budget revenue|工业百强县（市）|7935|亿元||462
industrial value added|工业百强县（市）|5.4|万亿元||462
share of county-level units|工业百强县（市）|3.5|%||462
share of the population|工业百强县（市）|6.6|%||462
share of large industrial enterprises|工业百强县（市）|16.3|%||462
share of GDP|工业百强县（市）|9.9|%||462
share of industrial value added|工业百强县（市）|14.5|%||462
share of revenue of large industrial enterprises|工业百强县（市）|14.2|%||462
share of profits of large industrial enterprises, more than|工业百强县（市）|17|%||462
share of consumption|工业百强县（市）|8.3|%||462
share of exports|工业百强县（市）|14.1|%||462
counties whose industry grew|工业百强县（市）|98|个||470
counties whose industry grew faster than the nation's|工业百强县（市）|73|个||470
counties whose industry grew by 20 % or more|工业百强县（市）|10|个||470
national city groups|全国|19|个||492
national metropolitan areas|全国|10|个||492
counties of the province|江苏|40|个||503
counties of the province|浙江|53|个||503
share of hundred-strong counties|浙江|45|%||503
research spending, about|工业百强县（市）|2800|亿元||534
growth of research spending, about|工业百强县（市）|500|亿元||534
share of national research spending, more than|工业百强县（市）|10|%||534
counties with research spending over 5 billion yuan|工业百强县（市）|11|个|昆山市、江阴市、张家港市|534
counties with research spending of 10 billion yuan|工业百强县（市）|4|个||534
counties with research spending over 3.5 % of GDP|工业百强县（市）|13|个|长沙县、新昌县、邹平市、贵溪市|534
counties with research spending over 4 % of GDP|工业百强县（市）|6|个||534
patents granted, more than|工业百强县（市）|350|万件||538
counties with more than 50 invention patents per 10,000 persons|工业百强县（市）|12|个|新昌县、昆山市、太仓市、闽侯县|538
counties with more than 70 invention patents per 10,000 persons|工业百强县（市）|6|个||538
high-tech enterprises, more than|工业百强县（市）|2.7|万家||538
high-tech enterprises|全国|33|万家||538
share of high-tech enterprises, about|工业百强县（市）|8.2|%||538
counties with more than 100 high-tech enterprises|工业百强县（市）|74|个||538
counties with more than 300 high-tech enterprises|工业百强县（市）|32|个||538
counties with more than 700 high-tech enterprises|工业百强县（市）|7|个|昆山市、常熟市、长沙县、乐清市|538
counties with high-tech output over 100 billion yuan|工业百强县（市）|14|个|昆山市、晋江市、溧阳市|538
counties with high-tech output over 200 billion yuan|工业百强县（市）|4|个|昆山市、宜兴市|538
counties with faster growth of industrial investment than the nation, about|工业百强县（市）|70|%||550
counties with growth of industrial investment over 20 %|工业百强县（市）|42|个|东阳市、靖江市、丹阳市|550
high-tech investment over 8 billion yuan|工业百强县（市）|80|亿元|平湖市、诸暨市|550
high-tech investment over 10 billion yuan|工业百强县（市）|100|亿元|昆山市、常熟市|550
growth of high-tech investment over 30 %|工业百强县（市）|30|%|嵊州市、南昌县、海宁市|550
counties with exports over 30 billion yuan|工业百强县（市）|25|个|石狮市、宁海县|558
counties with exports over 50 billion yuan|工业百强县（市）|15|个|昆山市、义乌市、长沙县|558
counties with urban income above the nation's|工业百强县（市）|65|个||570
counties with rural income above the nation's|工业百强县（市）|97|个||570
counties with a better income ratio than the nation|工业百强县（市）|99|个||570
income ratio|全国|2.50|||570
income ratio|浙江|1.94|||570
counties with a better income ratio than 浙江|工业百强县（市）|70|%||570
share of towns and villages in consumption|县域|38|%||578
online retail sales of counties, 2021|全国|4.38|万亿元||578
growth of online retail sales|全国|15.4|%||578
share of online retail sales|县域|33.5|%||578
growth of that share|县域|3.5|百分点||578
retail sales, about|工业百强县（市）|3.68|万亿元||578
share of retail sales, about|工业百强县（市）|8.3|%||578
counties with retail sales over 50 billion yuan, besides those over 100|工业百强县（市）|17|个||578
counties with secondary industry over 40 billion yuan, 2021|县（市）|3.5|%||606
counties with secondary industry over 100 billion yuan, 2021|县（市）|12|个||606
counties with secondary industry under 10 billion yuan, 2021|县（市）|73|%||606
share among counties over 40 billion yuan|东部|69.7|%||606
share among counties over 40 billion yuan|中部|16.7|%||606
share among counties over 40 billion yuan|西部|12.1|%||606
share among counties over 40 billion yuan|东北|1.5|%||606
share among counties under 10 billion yuan|东部|16.2|%||606
share among counties under 10 billion yuan|中部|20.5|%||606
share among counties under 10 billion yuan|西部|53.0|%||606
share among counties under 10 billion yuan|东北|10.3|%||606
GDP of national economic and high-tech zones, 2021|全国|28.1|万亿元||963
share of GDP|国家级经开区、国家级高新区|22.8|%||963
first national economic zones, coastal cities, 1984|全国|14|个||985
share of the parks of counties|东部|43.8|%||993
provinces with parks in counties|全国|18|个||993
provincial parks|浙江|104|个||1083
provincial parks in counties|浙江|69|个||1083
provincial parks|河南|166|个||1083
provincial parks in counties|河南|104|个||1083
provincial parks|四川|120|个||1083
provincial parks in counties|四川|78|个||1083
demonstration bases, ten batches|全国|445|家||1094
demonstration bases in counties|县（市）|123|家||1094
demonstration bases in counties|东部|49|个||1094
demonstration bases in counties|西部|36|个||1094
demonstration bases in counties|中部|28|个||1094
demonstration bases in counties|东北|10|个||1094
demonstration bases in counties, raw materials|县（市）|41|个||1094
demonstration bases in counties, consumer goods|县（市）|29|个||1094
demonstration bases in counties, equipment|县（市）|24|个||1094
""",
    KEYS,
)
DISTRICT = rows(
    """
share of market contracts of enterprises, 2021, more than (tenths)|全国|9|成||636
share of urban retail sales, 2022|城镇|86.52|%||636
income from an invention patent, 2022|企业|799.2|万元/件||636
income from an invention patent of joint research|企业|1038.5|万元/件||640
national clusters of advanced manufacturing|全国|45|个||644
national innovation centres of manufacturing|全国|18|家||644
clusters in four key regions|京津冀、长三角、珠三角、成渝|30|个||644
strategic emerging clusters, first batch|全国|66|个||644
cities with these clusters|全国|44|个||644
gigabit cities, 2022|全国|110|个||652
pilots of new urban infrastructure|全国|21|个||652
provinces with districts among the hundred|工业百强区|17|个||783
districts with industrial value added over 50 billion yuan, 2022|全国|66|个||805
more than in 2021|全国|6|个||805
their share of national industrial value added, about|全国|14.8|%||805
growth of that share|全国|1|百分点||805
districts with industrial value added over 100 billion yuan|全国|14|个|龙岗区、黄埔区、顺德区|805
GDP|工业百强区|17.0|万亿元||826
industrial value added|工业百强区|7.1|万亿元||826
general public budget revenue|工业百强区|1.1|万亿元||826
large industrial enterprises|工业百强区|7.4|万户||826
share of the population, less than|工业百强区|8|%||826
share of the area, less than|工业百强区|1|%||826
share of GDP|工业百强区|14.1|%||826
share of industrial value added|工业百强区|17.7|%||826
districts with growth over two years|工业百强区|94|个||834
districts with faster growth than the nation|工业百强区|66|个||834
districts with double-digit growth|工业百强区|33|个||834
districts with growth in both years|工业百强区|89|个||834
districts with demonstration bases|工业百强区|42|个||838
demonstration bases|工业百强区|52|个||838
share of the demonstration bases|工业百强区|11.7|%||838
national model enterprises of technical innovation|工业百强区|158|家||838
pilots of manufacturing and internet|工业百强区|348|个||841
patents|工业百强区|707.4|万件||873
share of patents|工业百强区|24.1|%||873
invention patents|工业百强区|96.4|万件||873
share of invention patents|工业百强区|23.6|%||873
invention patents per 10,000 persons|工业百强区|79.32|件||873
districts with more than 100 invention patents per 10,000 persons|工业百强区|18|个||873
districts with more than 200 invention patents per 10,000 persons|工业百强区|200|件|南山区、崂山区、滨江区、滨湖区、吴中区|873
specialised small giants|工业百强区|3268|家||882
share of specialised small giants, about|工业百强区|27|%||882
districts with more than 50 small giants|工业百强区|20|个||884
science and technology enterprises entered in 2022|工业百强区|11.5|万家||884
share of science and technology enterprises, about|工业百强区|25.6|%||884
high-tech enterprises approved in 2022|工业百强区|4.1|万家||884
share of high-tech enterprises|工业百强区|25.3|%||884
private industrial enterprises|工业百强区|154.8|万家||895
share of private industrial enterprises, about|工业百强区|14.6|%||897
small private industrial enterprises|工业百强区|89.6|万家||897
private industrial enterprises founded in 2022|工业百强区|7.1|万家||897
share of these, about|工业百强区|12.8|%||897
mean private industrial enterprises|东部|1.9|万家||897
mean founded in 2022, more than|东部|820|家||897
mean private industrial enterprises|中部|0.5|万家||897
mean founded in 2022, more than|中部|440|家||897
mean private industrial enterprises|西部|0.4|万家||897
mean founded in 2022, more than|西部|260|家||897
mean private industrial enterprises|东北|1.2|万家||897
mean founded in 2022, more than|东北|270|家||897
industrial value added per head|工业百强区|7.0|万元||907
districts above the nation's value added per head|工业百强区|93|个||907
districts with value added per head over 100,000 yuan|工业百强区|15|个||907
labour productivity of industrial enterprises, 2022|工业百强区|202|万元/人||907
districts with labour productivity over 5 million yuan|工业百强区|6|个||907
mean profits of large industrial enterprises, about|工业百强区|1.7|万亿元||909
share of profits, about|工业百强区|20|%||909
districts with profits over 10 billion yuan|工业百强区|53|个||909
mean profit rate|工业百强区|14|%||909
districts with a profit rate over 10 %|工业百强区|17|个||909
retail sales|工业百强区|49883.1|亿元||915
share of retail sales, about|工业百强区|11.3|%||919
districts with retail sales over 50 billion yuan|工业百强区|37|个||919
districts with retail sales over 100 billion yuan|工业百强区|13|个|宝安区、南山区、龙岗区、黄岛区、上城区、番禺区、黄埔区、龙华区、南海区、顺德区、雁塔区、白云区、江宁区|919
retail sales as a share of GDP|工业百强区|31.1|%||919
districts above the nation's share|工业百强区|24|个||919
retail sales per head|工业百强区|4.5|万元||919
more than the nation, about|工业百强区|1.5|万元||919
GDP, more than|工业百强区|17|万亿元||929
GDP per head, about|工业百强区|15.7|万元||929
districts with GDP per head over 210,000 yuan|工业百强区|13|个|高港区、南山区、滨江区、黄埔区、新吴区、北仑区、铁山港区、汉南区、镇海区、曹妃甸区、南沙区、黄岛区、建邺区|929
disposable income of urban residents|工业百强区|6|万元||929
more than the nation, about|工业百强区|1.3|万元||929
""",
    KEYS,
)
FIGURES = {"industrial-county-2023": COUNTY, "industrial-district-2023": DISTRICT}
