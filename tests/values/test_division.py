"""Counties and zones found by any of their names; other places refused."""

import pytest

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Division


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("玉山县", "玉山县"),
        ("玉山", "玉山县"),
        ("江西省上饶市玉山县", "玉山县"),
        ("江西省-上饶市-玉山县", "玉山县"),
        ("上饶市 玉山县", "玉山县"),
        ("361123", "玉山县"),
        ("361121", "广信区"),
        ("上饶县", "广信区"),
        ("上饶市上饶县", "广信区"),
        ("361122", "广丰区"),
        ("广丰县", "广丰区"),
        ("上饶高新区", "广丰区"),
        ("上饶市高新区", "广丰区"),
        ("上饶经开区", "上饶经济技术开发区"),
        ("经开区", "上饶经济技术开发区"),
        ("上饶市经开区", "上饶经济技术开发区"),
        ("上饶经济技术开发区", "上饶经济技术开发区"),
        ("三清山", "三清山风景名胜区"),
        ("上饶高铁新区", "上饶高铁经济试验区"),
        ("市本级", "上饶市本级"),
        ("上饶市本级", "上饶市本级"),
        ("德兴市", "德兴市"),
        ("３６１１８１", "德兴市"),
        ("德兴市（县级市）", "德兴市"),
        ("玉山县冰溪街道", "玉山县"),
        ("江西省上饶市广丰区洋口镇", "广丰区"),
        ("玉山高新技术产业园区", "玉山县"),
        ("江西玉山高新技术产业园区管委会", "玉山县"),
        ("横峰经开区", "横峰县"),
        ("铅山工业园区", "铅山县"),
        ("上饶经济技术开发区兴园大道", "上饶经济技术开发区"),
        ("市直", "上饶市本级"),
    ],
)
def test_found_by_name_alias_and_old_code(text, name):
    assert str(Division.parse(text)) == name


@pytest.mark.parametrize("text", ["上饶市", "上饶", "江西省上饶市", "江西省", "361100"])
def test_the_city_alone_asks_for_the_county(text):
    with pytest.raises(BadValue, match="没有写明县"):
        Division.parse(text)


@pytest.mark.parametrize(
    "text", ["南昌市", "江西省南昌市东湖区", "浙江省", "浙江省江山市", "360102", "330881"]
)
def test_a_place_elsewhere_is_said_to_be_outside(text):
    with pytest.raises(BadValue, match="不在上饶市范围内"):
        Division.parse(text)


@pytest.mark.parametrize("text", ["某某区", "玉山县、广信区", "玉山县高新区和铅山县", "361199999", "abc"])
def test_an_unknown_place_is_refused(text):
    with pytest.raises(BadValue, match="没有找到"):
        Division.parse(text)


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("浙江省", True), ("北京市海淀区", True), ("南昌", True), ("江西省九江市", True), ("宁波市", True), ("义乌市", True),
        ("延边朝鲜族自治州", True), ("330881", True), ("江西省", False), ("上饶市", False), ("德兴市", False), ("玉山县", False),
        ("上饶市工业和信息化局", False), ("市直", False), ("", False), ("361123", False),
    ],
)  # fmt: skip
def test_places_outside_the_city_are_told_from_those_within(text, outside):
    assert Division.elsewhere(text) is outside


def test_an_empty_place_is_refused():
    with pytest.raises(BadValue, match="是空的"):
        Division.parse(" ")


def test_every_division_has_its_own_name_short_word_and_code():
    everyone = Division.all()
    assert len(everyone) == 16
    for values in (
        {one.code for one in everyone},
        {one.name for one in everyone},
        {one.short for one in everyone},
    ):
        assert len(values) == 16
    assert all(Division.parse(one.name) == Division.parse(one.code) == one for one in everyone)


def test_the_policy_names_counties_and_the_development_zone_only():
    unnamed = [one.name for one in Division.all() if not one.named_in_policy]
    assert unnamed == ["三清山风景名胜区", "上饶高铁经济试验区", "上饶市本级"]
    assert sum(one.in_national_standard for one in Division.all()) == 12
    assert [one.code for one in Division.all() if one.is_city] == ["361199"]
