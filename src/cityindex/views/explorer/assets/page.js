/* The page: the explorer in its main element, the weights in the address, the self-test where others can read it. */
{
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  cityindexExplorer.mount(document.getElementById("explorer"), data, {
    inAddress: true,
    onSelfTest: (found) => {
      window.cityindexSelfTest = found;
    },
  });
}
