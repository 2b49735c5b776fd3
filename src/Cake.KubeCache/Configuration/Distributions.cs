namespace Cake.KubeCache.Configuration;

/// <summary>Ansible's names for what os-release calls a system (os-release(5), <c>ID</c>).</summary>
internal static class Distributions
{
    /// <summary><c>ansible_distribution</c> and <c>ansible_os_family</c>.</summary>
    /// <param name="id">The <c>ID</c> of os-release; unknown ones are their own family, as in Ansible.</param>
    public static (string Name, string Family) Of(string id) => id switch
    {
        "" => ("Debian", "Debian"),
        "debian" => ("Debian", "Debian"),
        "ubuntu" => ("Ubuntu", "Debian"),
        "raspbian" => ("Raspbian", "Debian"),
        "linuxmint" => ("Linux Mint", "Debian"),
        "kali" => ("Kali", "Debian"),
        "rhel" => ("RedHat", "RedHat"),
        "centos" => ("CentOS", "RedHat"),
        "rocky" => ("Rocky", "RedHat"),
        "almalinux" => ("AlmaLinux", "RedHat"),
        "fedora" => ("Fedora", "RedHat"),
        "ol" => ("OracleLinux", "RedHat"),
        "amzn" => ("Amazon", "RedHat"),
        "kylin" => ("Kylin Linux Advanced Server", "RedHat"),
        "openEuler" => ("openEuler", "RedHat"),
        "sles" => ("SLES", "Suse"),
        "opensuse-leap" => ("openSUSE Leap", "Suse"),
        "opensuse-tumbleweed" => ("openSUSE Tumbleweed", "Suse"),
        "flatcar" => ("Flatcar", "Flatcar"),
        "alpine" => ("Alpine", "Alpine"),
        "arch" => ("Archlinux", "Archlinux"),
        "gentoo" => ("Gentoo", "Gentoo"),
        _ => (Capitalized(id), Capitalized(id)),
    };

    private static string Capitalized(string id) => char.ToUpperInvariant(id[0]) + id[1..];
}
