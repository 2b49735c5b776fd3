using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Benchmarks;

/// <summary>Files from nginx, side by side with <c>curl --parallel</c> and <c>sha256sum</c>.</summary>
internal static class FileFetchMeasurement
{
    public static async Task<int> RunAsync(bool tls)
    {
        Tool.Find("curl");
        using var folder = new Folder();
        var sums = MakeFiles(folder.At("www"));
        var (nginx, url) = await ServeAsync(folder, tls);
        try
        {
            var files = sums.Select(s => new PlannedFile($"{url}/{s.Key}", "sha256:" + s.Value)).ToList();
            var peak = 0L;
            var bytes = 0L;
            var medians = await Series.RunAsync(
                ("curl --parallel + sha256sum", () => CurlAsync(folder, url, sums)),
                ("Fetcher", async () =>
                {
                    folder.Renew("cache");
                    var result = await FetchChild.StartAsync(new FetchPlan(folder.At("cache"), files, [], AuthorityFile: tls ? folder.At("ca.pem") : null));
                    (peak, bytes) = (Math.Max(peak, result.PeakMemory), result.Bytes);
                    return result.Seconds;
                }
            ));
            Series.Ratio($"{(tls ? "TLS: " : "")}Fetcher against curl + sha256sum", medians["Fetcher"] / medians["curl --parallel + sha256sum"]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB, {bytes / 1e6 / medians["Fetcher"]:0} MB/s, peak memory {peak / 1e6:0} MB"));
            return 0;
        }
        finally
        {
            nginx.Kill(entireProcessTree: true);
            nginx.Dispose();
        }
    }

    private static async Task<double> CurlAsync(Folder folder, string url, Dictionary<string, string> sums)
    {
        folder.Renew("curl");
        await File.WriteAllLinesAsync(folder.At("curl", "SUMS"), sums.Select(s => $"{s.Value}  {s.Key}"));
        var targets = string.Join(' ', sums.Keys.Select(name => $"-o {name} {url}/{name}"));
        return await Tool.TimeAsync($"curl --no-progress-meter --fail --cacert ../ca.pem --parallel --parallel-max 8 {targets} && sha256sum --quiet -c SUMS", folder.At("curl"));
    }

    private static Dictionary<string, string> MakeFiles(string directory)
    {
        int[] megabytes = [60, 55, 50, 45, 40, 30, 25, 20, 15, 10, 6, 5];
        Directory.CreateDirectory(directory);
        var random = new Random(1);
        var sums = new Dictionary<string, string>();
        foreach (var size in megabytes)
        {
            var content = new byte[size * 1_000_000];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(directory, $"file{size}"), content);
            sums[$"file{size}"] = Convert.ToHexStringLower(SHA256.HashData(content));
        }

        return sums;
    }

    /// <summary>Serves the sub-folder <c>www</c> on loopback.</summary>
    public static async Task<(Process Server, string Url)> ServeAsync(Folder folder, bool tls)
    {
        var port = Tool.FreePort();
        WriteCertificate(folder);
        await File.WriteAllTextAsync(folder.At("nginx.conf"), $$"""
            daemon off; pid {{folder.At("nginx.pid")}}; error_log {{folder.At("error.log")}}; worker_processes 2; user root;
            events { worker_connections 256; }
            http {
              access_log off; sendfile on; client_body_temp_path {{folder.At("t1")}}; proxy_temp_path {{folder.At("t2")}}; fastcgi_temp_path {{folder.At("t3")}}; uwsgi_temp_path {{folder.At("t4")}}; scgi_temp_path {{folder.At("t5")}};
              server { listen 127.0.0.1:{{port}}{{(tls ? " ssl" : "")}}; root {{folder.At("www")}}; ssl_certificate {{folder.At("ca.pem")}}; ssl_certificate_key {{folder.At("key.pem")}}; }
            }
            """);
        return (await Tool.ServeAsync(port, "nginx", "-c", folder.At("nginx.conf"), "-e", folder.At("error.log")), $"{(tls ? "https" : "http")}://localhost:{port}");
    }

    private static void WriteCertificate(Folder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder.At("ca.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.At("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
