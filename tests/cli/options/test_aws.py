"""The options of AWS's signature: what they mean, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from spacebeam.net.options import AwsOptions
from tests.cli.options.test_profile import plan, refusal


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (("--aws-sigv4", "aws:amz"), AwsOptions()),
        (("--aws-sigv4", "aws"), AwsOptions()),
        (("--aws-sigv4", "aws:amz:eu-west-1:iot"), AwsOptions(region="eu-west-1", service="iot")),
        (("--aws-sigv4", "aws:eu-west-1"), AwsOptions(region="eu-west-1")),
        (("--aws-sigv4", "aws:amz", "-u", "AK:s:k"), AwsOptions("AK", "s:k")),
        (
            ("--aws-sigv4", "aws:amz", "-u", "AK:k", "--aws-session-token", "t", "--aws-headers"),
            AwsOptions("AK", "k", "t", in_query=False),
        ),
        (("--aws-sigv4", "aws:amz", "--aws-profile", "work"), AwsOptions(profile="work")),
    ],
)
def test_the_options_are_those_of_curl(words: tuple[str, ...], options: AwsOptions) -> None:
    found = plan(*words).options
    assert found.aws == options
    assert (found.user, found.password) == (None, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--aws-sigv4", "osc:amz"), "Write aws:amz, aws:amz:REGION or aws:amz:REGION:SERVICE."),
        (("--aws-sigv4", "aws:amz:a:b:c"), "Write aws:amz, "),
        (("--aws-sigv4", "aws:amz:a b:s"), "'--aws-sigv4': Letters, digits and hyphens only."),
        (("--aws-sigv4", "aws:amz", "-u", "A K:k"), "'--user': Letters, digits and hyphens only."),
        (("--aws-sigv4", "aws:amz", "-u", "AK:"), "'--user': A value is required."),
        (("--aws-sigv4", "aws:amz", "-u", "AK"), "there is no terminal"),
        (("--aws-session-token", "t"), "'--aws-session-token': it needs --aws-sigv4."),
        (("--aws-profile", "work"), "'--aws-profile': it needs --aws-sigv4."),
        (("--aws-headers",), "'--aws-headers': it needs --aws-sigv4."),
        (
            ("--aws-sigv4", "aws:amz", "--aws-headers", "-H", "Authorization: x"),
            "--aws-headers sends this header.",
        ),
    ],
)
def test_a_wrong_option_is_refused_by_its_name(words: tuple[str, ...], message: str) -> None:
    assert message in refusal(*words)
